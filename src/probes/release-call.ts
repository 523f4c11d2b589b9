import type { Scheduler } from '../common/clock.js';
import type { RandomSource } from '../common/random.js';
import { CallRelease } from '../protocols/sip/call-release.js';
import { readAccount } from './sip-account.js';
import { reopenSipRoute, USER_AGENT } from './sip-path.js';
import type { StandingCall } from './standing-call.js';

/** An endpoint that is gone must not hold this up; what it had to hear was sent five times by then. */
const RELEASE_MS = 5_000;

interface ReleaseContext {
  scheduler: Scheduler;
  random: RandomSource;
}

/**
 * Ends a call over a way of its own, when the one that it was made over is gone: BYE, or CANCEL where nobody had answered. Tried
 * once. @returns true when the endpoint has confirmed that nothing stands any more
 */
export async function releaseCall({ route, ticket, account }: StandingCall, context: ReleaseContext): Promise<boolean> {
  const { scheduler, random } = context;
  const active: { release?: CallRelease } = {};
  let settle: (confirmed: boolean) => void = () => undefined;
  const over = new Promise<boolean>((resolve) => (settle = resolve));
  // a password that cannot be read any more leaves a BYE without one, which most endpoints take
  const credentials = await readAccount(account ?? {});
  const opened = await reopenSipRoute(route, {
    localPort: ticket.localPort,
    timeoutMs: RELEASE_MS,
    onMessage: (message) => active.release?.receive(message),
    onFailure: () => settle(false),
  });
  if (!opened.ok) return false;
  const deps = {
    transport: opened.value,
    scheduler,
    random,
    userAgent: USER_AGENT,
    credentials: credentials.ok ? credentials.value : undefined,
  };
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
