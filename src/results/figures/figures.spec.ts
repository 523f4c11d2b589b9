import { binOf } from '../rollup/log-histogram.js';
import { figuresOf, type FigureSums } from './figures.js';

const NOTHING: FigureSums = {
  total: 0,
  passed: 0,
  failed: 0,
  rtt_count: 0,
  rtt_sum_ms: 0,
  rtt_min_ms: null,
  rtt_max_ms: null,
  rtt_bins: [],
  rtt_counts: [],
  loss_count: 0,
  loss_sum: 0,
  jitter_count: 0,
  jitter_sum_ms: 0,
  jitter_max_ms: null,
  mos_count: 0,
  mos_sum: 0,
  mos_min: null,
  reasons: {},
};

describe(figuresOf.name, () => {
  it('has no figures of nothing: that is not zero', () => {
    expect(figuresOf(NOTHING)).toEqual({ total: 0, judged: 0, reasons: {} });
  });

  it('judges availability by what tells of the endpoint, not by what is our fault or a room in use', () => {
    const sums = { ...NOTHING, total: 10, passed: 6, failed: 2, reasons: { busy: 1, aborted: 1, 'no-answer': 2 } };
    expect(figuresOf(sums)).toMatchObject({ judged: 8, availabilityRatio: 0.75, reasons: sums.reasons });
    expect(figuresOf({ ...NOTHING, total: 3, reasons: { busy: 3 } })).not.toHaveProperty('availabilityRatio');
  });

  it('makes means of sums and never leaves what was seen', () => {
    const sums: FigureSums = {
      ...NOTHING,
      total: 4,
      passed: 4,
      rtt_count: 4,
      rtt_sum_ms: 100,
      rtt_min_ms: 10,
      rtt_max_ms: 70,
      rtt_bins: [binOf(10), binOf(70)],
      rtt_counts: [3, 1],
      loss_count: 4,
      loss_sum: 1,
      jitter_count: 2,
      jitter_sum_ms: 8,
      jitter_max_ms: 7,
      mos_count: 2,
      mos_sum: 8,
      mos_min: 3.5,
    };
    const { rttMs, lossRatio, jitterMs, mos } = figuresOf(sums);
    expect(rttMs).toMatchObject({ mean: 25, p95: expect.closeTo(70, -1) as number, min: 10, max: 70 });
    expect(rttMs?.median).toBeGreaterThanOrEqual(10);
    expect(rttMs?.median).toBeLessThan(10.3);
    expect({ lossRatio, jitterMs, mos }).toEqual({ lossRatio: 0.25, jitterMs: { mean: 4, max: 7 }, mos: { mean: 4, min: 3.5 } });
  });
});
