import type { MessageKey } from '../../i18n/index.js';
import type { SelfReport } from '../../../live/self/self-report.js';

/** Above this jitter and lateness are our own, not the line's. */
const LATE_MS = 20;
/** Rollups are made every five minutes for hours that are over. */
const ROLLUP_LATE_MS = 3 * 3_600_000;
const MANY_WAITING = 1_000;

/** What a person has to look after, worst first: nothing for a monitor that is well. */
export function troublesOf(report: SelfReport): MessageKey[] {
  const { prober, database, spool, clock, core, notices, doubt } = report;
  const found: [boolean, MessageKey][] = [
    [prober.status !== 'up', 'system.trouble.prober'],
    [!database.up, 'system.trouble.database'],
    [database.up && !database.writer, 'system.trouble.writer'],
    [doubt !== null, 'system.trouble.doubt'],
    [Object.values(spool.dropped).some((count) => count > 0), 'system.trouble.dropped'],
    [(spool.waiting ?? 0) > MANY_WAITING, 'system.trouble.waiting'],
    [spool.setAside > 0, 'system.trouble.setAside'],
    [(prober.figures?.loopLagP99Ms ?? 0) > LATE_MS, 'system.trouble.lag'],
    [core.loopLagP99Ms > LATE_MS, 'system.trouble.coreLag'],
    [clock.discipline?.synchronised === false, 'system.trouble.clock'],
    [isRollupLate(report), 'system.trouble.rollup'],
    [notices.receivers.some(({ dead, overdueSeconds }) => dead > 0 || (overdueSeconds ?? 0) > 600), 'system.trouble.notices'],
  ];
  return found.flatMap(([isThere, key]) => (isThere ? [key] : []));
}

function isRollupLate({ at, database, core }: SelfReport): boolean {
  const last = database.figures?.lastRollupHour;
  if (Date.parse(at) - Date.parse(core.startedAt) < ROLLUP_LATE_MS) return false;
  return last !== undefined && (last === null || Date.parse(at) - Date.parse(last) > ROLLUP_LATE_MS);
}
