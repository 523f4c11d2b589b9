import { SIGNAL_STATES, type Signals } from '../common/states.js';
import type { Outcome } from '../probes/contract.js';
import { fromRow, type ResultDetail, type StoredOutcome, toRow } from './outcome-row.js';
import { packSignals, unpackSignals } from './signals-code.js';

const outcome: Outcome = {
  runId: '0d9f2c3a-6f0e-4a43-9a7b-0a6f1f5f2d11',
  endpointId: '04792-1',
  kind: 'sip-call',
  vantage: 'province',
  target: 'sip:04792@127.20.0.12',
  startedAt: '2026-11-22T01:00:00.250Z',
  durationMs: 6120,
  result: 'pass',
  reason: 'ok',
  signals: { audioOut: 'flowing', audioIn: 'poor', videoOut: 'absent', videoIn: 'unknown' },
  media: { audioIn: { packets: 300, lossRatio: 0.02, jitterMs: 3 }, videoIn: { packets: 900, lossRatio: 0.01, jitterMs: 5 } },
  rttMs: 12.5,
  mos: 4.25,
  selfLagMs: 0.2,
  setupMs: 41,
  clock: 'kernel',
  detail: { codec: 'PCMA' },
  evidence: { ladder: ['INVITE'] },
};

const stored = (given: unknown) => {
  const row = toRow(given);
  if (!row.ok) throw new Error(row.error);
  return row.value;
};
const roundTrip = (given: Outcome): StoredOutcome => {
  const { row, detail } = stored(given);
  return fromRow(row, detail === null ? null : (JSON.parse(detail) as ResultDetail));
};

describe(toRow.name, () => {
  it('gives a call back as it was', () => expect(roundTrip(outcome)).toEqual(outcome));

  it('puts the worst stream of a call into the columns', () => {
    expect(stored(outcome).row).toMatchObject({ loss_ratio: 0.02, jitter_ms: 5, rtt_ms: 12.5, kernel_clock: true });
  });

  it('keeps of a passed ping the columns alone', () => {
    const ping: Outcome = {
      runId: outcome.runId,
      endpointId: null,
      kind: 'icmp',
      vantage: 'province',
      target: '10.1.2.3',
      startedAt: outcome.startedAt,
      durationMs: 420,
      result: 'pass',
      reason: 'ok',
      measures: { sent: 5, received: 5, lossRatio: 0, rttMs: { min: 1, median: 1.5, p95: 2, max: 3 }, jitterMs: 0.5 },
      selfLagMs: 0,
    };
    expect(stored(ping).detail).toBeNull();
    expect(roundTrip(ping)).toEqual({ ...ping, rttMs: 1.5, measures: { lossRatio: 0, jitterMs: 0.5, rttMs: { median: 1.5 } } });
    expect(roundTrip({ ...ping, result: 'fail', reason: 'no-answer' }).measures).toEqual(ping.measures);
  });

  it('keeps of a passed ping also what was noted of its path', () => {
    const detail = { pathMtuBytes: 1400, note: 'small' };
    const noted: Outcome = {
      ...outcome,
      kind: 'icmp',
      result: 'pass',
      reason: 'ok',
      signals: undefined,
      media: undefined,
      detail,
    };
    expect(roundTrip(noted)).toMatchObject({ detail });
    expect(roundTrip({ ...noted, detail: { pathMtuBytes: 1500 } })).not.toHaveProperty('detail');
  });

  it('replaces what PostgreSQL cannot hold', () => {
    const { row, detail } = stored({ ...outcome, target: 'sip:\0x', detail: { 'k\0': 'a\ud800b', fine: '🎥' } });
    expect(row.target).toBe('sip:\ufffdx');
    expect((JSON.parse(detail ?? '') as ResultDetail).detail).toEqual({ 'k\ufffd': 'a\ufffdb', fine: '🎥' });
  });

  it.each([
    ['a key that is no UUID', { runId: '17' }, /runId/],
    ['a time that is none', { startedAt: 'yesterday' }, /startedAt/],
    ['a reason of a later version', { reason: 'sunspots' }, /reason/],
    ['a figure that is none', { durationMs: 'long' }, /durationMs/],
    ['a figure out of all bounds', { rttMs: 1e40 }, /rttMs/],
    ['a detail without end', { evidence: { ladder: 'x'.repeat(300_000) } }, /detail: \d+ characters/],
  ])('refuses %s and says so', (_what, part, message) => {
    const row = toRow({ ...outcome, ...part });
    expect(row.ok ? '' : row.error).toMatch(message);
  });

  it('refuses what is no outcome at all', () => expect(toRow('x').ok).toBe(false));
});

describe(packSignals.name, () => {
  it('keeps every combination apart and fits a smallint', () => {
    const codes = new Set<number>();
    for (const audioOut of SIGNAL_STATES)
      for (const audioIn of SIGNAL_STATES)
        for (const videoOut of SIGNAL_STATES)
          for (const videoIn of SIGNAL_STATES) {
            const signals: Signals = { audioOut, audioIn, videoOut, videoIn };
            expect(unpackSignals(packSignals(signals))).toEqual(signals);
            codes.add(packSignals(signals));
          }
    expect(codes.size).toBe(256);
    expect(Math.max(...codes)).toBe(255);
  });

  it('is stored, so its numbers stay', () => {
    expect(packSignals({ audioOut: 'flowing', audioIn: 'poor', videoOut: 'absent', videoIn: 'unknown' })).toBe(0b11_10_01_00);
  });
});
