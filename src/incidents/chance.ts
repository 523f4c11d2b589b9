const logFactorials: number[] = [0];

function logFactorial(n: number): number {
  for (let next = logFactorials.length; next <= n; next++) {
    logFactorials.push((logFactorials[next - 1] ?? 0) + Math.log(next));
  }
  return logFactorials[n] ?? 0;
}

const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

/**
 * Upper tail of the hypergeometric distribution (Fisher's exact test, one-sided): the chance, as log10, that of `all` endpoints with
 * `failing` failures at random at least `hit` fall on a group of `size`.
 */
export function log10ChanceOf(hit: number, size: number, failing: number, all: number): number {
  const most = Math.min(size, failing);
  const logAll = logChoose(all, failing);
  let sum = 0;
  let largest = -Infinity;
  for (let k = Math.max(hit, size + failing - all, 0); k <= most; k++) {
    const term = logChoose(size, k) + logChoose(all - size, failing - k) - logAll;
    if (largest === -Infinity) largest = term;
    const part = Math.exp(term - largest);
    sum += part;
    // beyond the mean the terms only fall: what is left adds nothing
    if (part < 1e-12 * sum) break;
  }
  return largest === -Infinity ? -Infinity : Math.min(0, (largest + Math.log(sum)) / Math.LN10);
}
