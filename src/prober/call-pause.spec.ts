import type { Reason } from '../common/reasons.js';
import type { ProbeKind } from '../probes/contract.js';
import { bounded, BUSY_MS, type CallPause, pauseAfter, RINGING_MS } from './call-pause.js';

const seen = (reason: Reason, kind: ProbeKind = 'sip-call', detail?: Record<string, unknown>) => ({ kind, reason, detail });
const MINUTE = 60_000;

describe(pauseAfter.name, () => {
  it('waits 5, 10, 20 and again 20 minutes after busy calls in a row, whatever lies between them was ours', () => {
    let pause: CallPause | undefined;
    const waits: number[] = [];
    for (const reason of ['busy', 'aborted', 'declined', 'self-overloaded', 'busy', 'busy'] as const) {
      const before = pause;
      pause = pauseAfter(pause, seen(reason), 1_000);
      if (pause !== before) waits.push(((pause?.untilMs ?? NaN) - 1_000) / MINUTE);
    }
    expect(waits).toEqual([5, 10, 20, 20]);
  });

  it.each(['ok', 'no-answer', 'no-media', 'not-found'] as const)('forgets with a call that says %s', (reason) => {
    const pause = pauseAfter(undefined, seen('busy'), 0);
    expect(pauseAfter(pause, seen(reason), MINUTE)).toBeUndefined();
  });

  it('calls a room that rings once a day, and counts busy from one after it', () => {
    const ringing = pauseAfter(undefined, seen('not-auto-answering'), 0);
    expect(ringing).toEqual({ cause: 'not-auto-answering', streak: 1, untilMs: RINGING_MS });
    expect(pauseAfter(ringing, seen('busy'), RINGING_MS)).toMatchObject({ untilMs: RINGING_MS + BUSY_MS[0] });
  });

  it('takes an OPTIONS answered busy for evidence, and its 200 for none', () => {
    expect(pauseAfter(undefined, seen('ok', 'sip-options', { status: 486 }), 0)).toMatchObject({ untilMs: BUSY_MS[0] });
    const longer = pauseAfter(pauseAfter(undefined, seen('busy'), 0), seen('busy'), 0);
    expect(pauseAfter(longer, seen('ok', 'sip-options', { status: 486 }), 0)).toBe(longer);
    expect(pauseAfter(longer, seen('ok', 'sip-options', { status: 200 }), 0)).toBe(longer);
    expect(pauseAfter(longer, seen('ok', 'icmp', { status: 486 }), 0)).toBe(longer);
  });
});

describe(bounded.name, () => {
  it('lets no pause last longer than its cause allows, whatever the clock was when it was noted', () => {
    const pause: CallPause = { cause: 'busy', streak: 2, untilMs: 1e12 };
    expect(bounded(pause, 1_000).untilMs).toBe(1_000 + BUSY_MS[1]);
    expect(bounded({ ...pause, cause: 'not-auto-answering' }, 0).untilMs).toBe(RINGING_MS);
    expect(bounded({ ...pause, untilMs: 5 }, 0).untilMs).toBe(5);
  });
});
