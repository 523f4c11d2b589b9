/**
 * A sparse histogram over powers of 1.06: bin b holds (1.06^(b-1), 1.06^b]. Histograms of hours can be added to one of a month, which
 * percentiles cannot; a quantile read from it is wrong by half a bin at most, 3 %. The database bins by `log_bin`.
 */
export interface LogHistogram {
  /** ascending */
  bins: readonly number[];
  counts: readonly number[];
}

const RATIO = 1.06;
export const MOST_ERROR = Math.sqrt(RATIO) - 1;

export const binOf = (value: number): number => Math.ceil(Math.log(value) / Math.log(RATIO));

/** The geometric middle of the bin. */
export const middleOf = (bin: number): number => RATIO ** (bin - 0.5);

/** @param q 0..1 @returns undefined when nothing was counted; never outside what was seen */
export function quantile({ bins, counts }: LogHistogram, q: number, seen?: { min: number; max: number }): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const rank = Math.max(1, Math.ceil(q * total));
  let below = 0;
  const index = counts.findIndex((count) => (below += count) >= rank);
  const value = middleOf(bins[index] ?? 0);
  return seen ? Math.min(seen.max, Math.max(seen.min, value)) : value;
}
