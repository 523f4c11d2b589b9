import type { Logger } from 'pino';
import type { Scheduler } from '../common/clock.js';
import type { RandomSource } from '../common/random.js';
import { reopenSipRoute, USER_AGENT } from '../probes/sip-path.js';
import type { CallJournal, StandingCall } from '../probes/standing-call.js';
import { CallRelease } from '../protocols/sip/call-release.js';

/** An endpoint that is gone must not hold this up; what it had to hear was sent five times by then. */
const RELEASE_MS = 5_000;
const AT_A_TIME = 20;

interface ReleaseContext {
  scheduler: Scheduler;
  random: RandomSource;
  journal: CallJournal;
  log: Logger;
}

/** Ends the calls that an earlier prober left standing: BYE, or CANCEL for those that nobody had answered. Each is tried once. */
export async function releaseCalls(calls: readonly StandingCall[], context: ReleaseContext): Promise<void> {
  const waiting = [...calls];
  const worker = async (): Promise<void> => {
    for (let call = waiting.shift(); call; call = waiting.shift()) {
      const confirmed = await release(call, context);
      const { callId } = call.ticket;
      context.log.info({ callId, address: call.route.address, confirmed }, 'call of an earlier prober ended');
      context.journal.end(callId);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, calls.length) }, worker));
}

/** True when the endpoint has confirmed that nothing stands any more. */
async function release({ route, ticket }: StandingCall, { scheduler, random }: ReleaseContext): Promise<boolean> {
  const active: { release?: CallRelease } = {};
  let settle: (confirmed: boolean) => void = () => undefined;
  const over = new Promise<boolean>((resolve) => (settle = resolve));
  const opened = await reopenSipRoute(route, {
    localPort: ticket.localPort,
    timeoutMs: RELEASE_MS,
    onMessage: (message) => active.release?.receive(message),
    onFailure: () => settle(false),
  });
  if (!opened.ok) return false;
  const deps = { transport: opened.value, scheduler, random, userAgent: USER_AGENT };
  const current = new CallRelease(ticket, deps, () => settle(true));
  active.release = current;
  const cancelLimit = scheduler.after(RELEASE_MS, () => settle(false));
  current.start();
  const confirmed = await over;
  cancelLimit();
  current.abandon();
  opened.value.close();
  return confirmed;
}
