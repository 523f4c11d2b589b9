import { ManualScheduler } from '../common/manual-scheduler.js';
import type { StandingCall } from '../probes/standing-call.js';
import { StandingCalls } from './standing-calls.js';

const callOf = (callId: string): StandingCall => ({
  route: { transport: 'UDP', host: 'h', address: '10.1.2.3', port: 5060 },
  ticket: { callId, localPort: 1, invite: '', unanswered: true, dialogs: [] },
});

describe(StandingCalls, () => {
  const waiting = async (act: (calls: StandingCalls, scheduler: ManualScheduler, stop: AbortController) => void) => {
    const [calls, scheduler, stop] = [new StandingCalls(), new ManualScheduler(), new AbortController()];
    for (const id of ['a', 'b']) calls.note(callOf(id));
    let over = false;
    const done = calls.untilNone(5_000, scheduler, stop.signal).then(() => (over = true));
    act(calls, scheduler, stop);
    await Promise.resolve();
    await Promise.resolve();
    if (over) await done;
    return { over, pending: scheduler.pendingCount };
  };

  it('waits until the last of them has ended', async () => {
    expect(await waiting((calls) => calls.end('a'))).toMatchObject({ over: false });
    expect(await waiting((calls) => ['a', 'b'].forEach((id) => calls.end(id)))).toEqual({ over: true, pending: 0 });
  });

  it('waits no longer than allowed, nor for somebody who wants to leave', async () => {
    expect(await waiting((_calls, scheduler) => scheduler.advance(4_999))).toMatchObject({ over: false });
    expect(await waiting((_calls, scheduler) => scheduler.advance(5_000))).toMatchObject({ over: true });
    expect(await waiting((_calls, _scheduler, stop) => stop.abort())).toEqual({ over: true, pending: 0 });
  });

  it('waits for nothing where nothing stands', async () => {
    const calls = new StandingCalls();
    await calls.untilNone(5_000, new ManualScheduler(), new AbortController().signal);
    calls.note(callOf('a'));
    await calls.untilNone(5_000, new ManualScheduler(), AbortSignal.abort());
  });
});
