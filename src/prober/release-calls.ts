import type { Logger } from 'pino';
import type { Scheduler } from '../common/clock.js';
import type { RandomSource } from '../common/random.js';
import { releaseCall } from '../probes/release-call.js';
import type { CallJournal, StandingCall } from '../probes/standing-call.js';

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
      const confirmed = await releaseCall(call, context);
      const { callId } = call.ticket;
      context.log.info({ callId, address: call.route.address, confirmed }, 'call of an earlier prober ended');
      context.journal.end(callId);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, calls.length) }, worker));
}
