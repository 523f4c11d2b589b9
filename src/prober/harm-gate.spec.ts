import type { QuietWindow } from './messages.js';
import { detailOf, type HarmFacts, refuseStart, refuseToGoOn } from './harm-gate.js';

const NOW = Date.UTC(2026, 10, 23, 1);
const MINUTE = 60_000;

const window = (fromMin: number, toMin: number, more: Partial<QuietWindow> = {}): QuietWindow => ({
  fromMs: NOW + fromMin * MINUTE,
  toMs: NOW + toMin * MINUTE,
  endpoints: 'all',
  kinds: ['sip-call'],
  why: 'session',
  ...more,
});
const facts = (more: Partial<HarmFacts>): HarmFacts => ({
  kind: 'sip-call',
  stop: 'none',
  windows: [],
  readings: [NOW],
  override: false,
  ...more,
});
const waitOf = (given: Partial<HarmFacts>, lastsMs = MINUTE): number | null | 'allowed' =>
  (refuseStart(facts(given), lastsMs) ?? { waitMs: 'allowed' as const }).waitMs;

describe(refuseStart.name, () => {
  it('lets a call begin that ends just when the window does, and not a moment later', () => {
    expect(waitOf({ windows: [window(1, 60)] })).toBe('allowed');
    expect(waitOf({ windows: [window(1, 60)] }, MINUTE + 1)).toBe(60 * MINUTE);
    expect(waitOf({ windows: [window(-60, 0)] })).toBe('allowed');
    expect(waitOf({ windows: [window(-60, 1)] })).toBe(MINUTE);
    expect(waitOf({ windows: [window(-60, 1)], kind: 'sip-options' })).toBe('allowed');
  });

  it('says the moment from which a call has room, past windows that overlap or leave too little between them', () => {
    const chain = [window(-5, 10), window(5, 20, { why: 'quiet-hours' }), window(20.5, 30), window(40, 50)];
    expect(waitOf({ windows: chain })).toBe(30 * MINUTE);
    expect(waitOf({ windows: chain }, 30_000)).toBe(20 * MINUTE);
  });

  it('believes whichever reading of the clock forbids it, and the one that has to wait longer', () => {
    const windows = [window(0, 60)];
    expect(waitOf({ windows, readings: [NOW - 5 * MINUTE, NOW + 30 * MINUTE] })).toBe(30 * MINUTE);
    expect(waitOf({ windows, readings: [NOW + 30 * MINUTE, NOW - 5 * MINUTE] })).toBe(30 * MINUTE);
    expect(waitOf({ windows, readings: [NOW + 30 * MINUTE, NOW + 10 * MINUTE] })).toBe(50 * MINUTE);
  });

  it('lets an operator override a pause, but neither a window nor the stop', () => {
    const pause = { cause: 'busy' as const, leftMs: MINUTE };
    expect(refuseStart(facts({ pause }), 0)).toEqual({ refusedBy: 'busy', reason: 'busy', waitMs: MINUTE });
    expect(waitOf({ pause: { ...pause, leftMs: 0 } })).toBe('allowed');
    expect(waitOf({ pause, override: true })).toBe('allowed');
    expect(waitOf({ pause, override: true, windows: [window(0, 5)] })).toBe(5 * MINUTE);
    expect(waitOf({ pause, override: true, stop: 'calls' })).toBeNull();
  });

  it('stops calls alone, or everything', () => {
    expect(waitOf({ stop: 'calls', kind: 'icmp' })).toBe('allowed');
    expect(waitOf({ stop: 'everything', kind: 'icmp' })).toBeNull();
    expect(refuseToGoOn(facts({ stop: 'calls' }), 0)).toMatchObject({ refusedBy: 'global-stop', reason: 'aborted' });
  });

  it('ends a call under way so long before a window as its end takes', () => {
    expect(refuseToGoOn(facts({ windows: [window(1, 60)] }), MINUTE)).toBeNull();
    expect(refuseToGoOn(facts({ windows: [window(1, 60)] }), MINUTE + 1)).toMatchObject({ refusedBy: 'session' });
  });
});

describe(detailOf.name, () => {
  it('says why and until when, in wall time', () => {
    const refusal = refuseStart(facts({ windows: [window(-1, 30, { sessionId: 's1' })] }), 0);
    expect(refusal && detailOf(refusal, NOW)).toMatchObject({
      refusedBy: 'session',
      until: '2026-11-23T01:30:00.000Z',
      sessionId: 's1',
    });
    expect(detailOf({ refusedBy: 'global-stop', reason: 'aborted', waitMs: null }, NOW)).toMatchObject({ until: null });
  });
});
