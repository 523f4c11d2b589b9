import { Injectable } from '@nestjs/common';
import { merged, type Span } from './cover.js';

/** A time in which faults were made on purpose, at these endpoints. */
export interface Rehearsal extends Span {
  sessionId: string;
  endpoints: readonly string[];
}

export type RehearsalSource = (within: Span) => readonly Rehearsal[];

/** Where figures learn of rehearsals from whoever plans them; without anybody there are none. */
@Injectable()
export class Rehearsals {
  private source: RehearsalSource = () => [];

  from(source: RehearsalSource): void {
    this.source = source;
  }

  /** All of them are rehearsing at this moment: what fails there was made to fail. */
  coversAll(endpoints: readonly string[], atMs: number): boolean {
    const rehearsing = new Set(this.during({ fromMs: atMs, toMs: atMs + 1 }).flatMap((one) => one.endpoints));
    return endpoints.length > 0 && endpoints.every((id) => rehearsing.has(id));
  }

  /** Those that overlap with this time. */
  during(within: Span): Rehearsal[] {
    return this.source(within).filter(({ fromMs, toMs }) => fromMs < within.toMs && toMs > within.fromMs);
  }
}

/** Some of the time, and whose results do not count in it. */
export interface Counted {
  spans: Span[];
  /** ids of endpoints */
  without: readonly string[];
}

/** The whole of the time, cut where rehearsals begin and end: nothing twice, and only what was rehearsed left out. */
export function countedBeside(within: readonly Span[], rehearsals: readonly Rehearsal[]): Counted[] {
  const parts = new Map<string, Counted>();
  for (const span of merged(within)) {
    for (const piece of cutAt(span, rehearsals)) {
      const rehearsing = rehearsals.filter(({ fromMs, toMs }) => fromMs <= piece.fromMs && toMs >= piece.toMs);
      const without = [...new Set(rehearsing.flatMap(({ endpoints }) => endpoints))].sort();
      const key = without.join('\n');
      const part = parts.get(key) ?? { spans: [], without };
      part.spans.push(piece);
      parts.set(key, part);
    }
  }
  return [...parts.values()];
}

function cutAt(span: Span, rehearsals: readonly Rehearsal[]): Span[] {
  const inside = rehearsals.flatMap(({ fromMs, toMs }) => [fromMs, toMs]).filter((ms) => ms > span.fromMs && ms < span.toMs);
  const edges = [...new Set([span.fromMs, ...inside, span.toMs])].sort((a, b) => a - b);
  return edges.slice(1).map((toMs, index) => ({ fromMs: edges[index] ?? span.fromMs, toMs }));
}
