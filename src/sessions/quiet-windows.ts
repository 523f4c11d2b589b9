import { isoDurationMs } from '../common/iso-duration.js';
import { CALL_KINDS } from '../probes/contract.js';
import type { QuietWindow } from '../prober/messages.js';
import type { Session } from './session.js';

/**
 * When the endpoints of sessions are not called: from the moment at which calls stop to the required connect time, and from then to the end. A
 * rehearsal is held in the rooms like any other; one that is cancelled is not held.
 */
export const sessionWindows = (
  sessions: readonly Session[],
  endpointIdsOf: (session: Session) => readonly string[],
): QuietWindow[] =>
  sessions.filter(({ status }) => status === 'planned').flatMap((session) => windowsOf(session, [...endpointIdsOf(session)]));

function windowsOf({ id, startsMs, connectByMs, endsMs, callsStopBefore }: Session, endpoints: string[]): QuietWindow[] {
  if (endpoints.length === 0) return [];
  const common = { endpoints, kinds: [...CALL_KINDS], sessionId: id };
  // what cannot be read is checked where sessions are taken in; here the session itself still holds
  const stopMs = startsMs - (isoDurationMs(callsStopBefore) ?? 0);
  // from the required connect time on rooms are in the conference
  const fromMs = Math.min(startsMs, connectByMs);
  const before: QuietWindow[] = stopMs < fromMs ? [{ ...common, fromMs: stopMs, toMs: fromMs, why: 'calls-stopped' }] : [];
  return [...before, { ...common, fromMs, toMs: endsMs, why: 'session' }];
}
