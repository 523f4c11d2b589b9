import type { Words } from '../common/operator-words.js';
import type { SiteReadiness } from '../sessions/readiness.js';
import type { CheckpointEvent, ReadinessEvent, VerdictEvent } from '../sessions/readiness-events.js';
import { localTime } from './local-time.js';
import type { Notice } from './notice.js';

/** Beyond this many a message is no longer read; the board has them all. */
const MAX_SITES = 15;

const VERDICTS: Record<VerdictEvent['type'], { type: Notice['type']; words: Words }> = {
  'session-ready': { type: 'session.ready', words: { vi: 'SẴN SÀNG', en: 'GO' } },
  'session-at-risk': { type: 'session.at-risk', words: { vi: 'CÓ RỦI RO', en: 'AT RISK' } },
  'session-no-go': { type: 'session.no-go', words: { vi: 'CHƯA ĐỦ ĐIỀU KIỆN', en: 'NO-GO' } },
};

const CHECKPOINTS: Record<CheckpointEvent['type'], { type: Notice['type']; words: Words }> = {
  'checkpoint-done': { type: 'checkpoint.done', words: { vi: 'đã kiểm thử xong', en: 'done' } },
  'checkpoint-late': { type: 'checkpoint.late', words: { vi: 'kiểm thử muộn', en: 'made up for late' } },
  'cannot-finish': { type: 'checkpoint.cannot-finish', words: { vi: 'không kịp kiểm thử xong', en: 'cannot end in time' } },
};

const KIND = {
  session: { vi: 'Phiên họp', en: 'Session' },
  rehearsal: { vi: 'Tổng duyệt', en: 'Rehearsal' },
} as const satisfies Record<string, Words>;

export const noticeOfReadiness = (event: ReadinessEvent): Notice =>
  'readiness' in event ? noticeOfVerdict(event) : noticeOfCheckpoint(event);

function noticeOfVerdict(event: VerdictEvent): Notice {
  const { type: told, sessionId, title, rehearsal, key, atMs, was, readiness } = event;
  const kind = KIND[rehearsal ? 'rehearsal' : 'session'];
  const { type, words } = VERDICTS[told];
  const { verdict, ready, total, required, missingMustHave } = readiness;
  const notReady = readiness.sites.filter((site) => site.class !== 'ready');
  const shown = notReady.slice(0, MAX_SITES);
  const more = notReady.length - shown.length;
  return {
    ...{ key: `readiness/${key}`, type, subject: `session/${sessionId}`, atMs },
    title: {
      vi: `${kind.vi} "${title}": ${words.vi}, ${ready}/${total} điểm cầu sẵn sàng`,
      en: `${kind.en} "${title}": ${words.en}, ${ready}/${total} sites ready`,
    },
    lines: [
      { vi: `Bắt buộc: ${required.ready}/${required.total} sẵn sàng`, en: `Required: ${required.ready}/${required.total} ready` },
      ...missingMustHave.map((code) => ({ vi: `Không thể thiếu: ${code}`, en: `Cannot do without: ${code}` })),
      ...shown.map(lineOfSite),
      ...(more > 0 ? [{ vi: `và ${more} điểm cầu khác`, en: `and ${more} more sites` }] : []),
    ],
    details: {
      session: { id: sessionId, title, rehearsal, verdict, was, ready, total, required, missingMustHave },
      notReady: shown.map(factsOfSite),
    },
  };
}

const factsOfSite = ({ siteCode, siteName, class: standing, reason, since }: SiteReadiness): object => ({
  ...{ siteCode, siteName, class: standing, reason, since },
});

const lineOfSite = ({ siteName, siteCode, sentence, contact }: SiteReadiness): Words => {
  const whom = [contact.name, contact.phone].filter(Boolean).join(' ');
  const line = (words: string): string => `${siteName} (${siteCode}): ${words}${whom && `; ${whom}`}`;
  return { vi: line(sentence.vi), en: line(sentence.en) };
};

function noticeOfCheckpoint(event: CheckpointEvent): Notice {
  const { sessionId, title, rehearsal, key, atMs, checkpoint, plannedMs, finishMs, finishByMs } = event;
  const kind = KIND[rehearsal ? 'rehearsal' : 'session'];
  const { type, words } = CHECKPOINTS[event.type];
  // as an operator says it: T-30M for PT30M
  const name = checkpoint.replace(/^PT?/, 'T-');
  const moments: [Words, number | null][] = [
    [{ vi: 'Theo kế hoạch', en: 'Planned' }, plannedMs],
    [{ vi: 'Xong lúc', en: 'Ends' }, finishMs],
    [{ vi: 'Phải xong trước', en: 'Must end before' }, finishByMs],
  ];
  return {
    ...{ key: `readiness/${key}`, type, subject: `session/${sessionId}/checkpoints`, atMs },
    title: {
      vi: `${kind.vi} "${title}": mốc ${name} ${words.vi}`,
      en: `${kind.en} "${title}": checkpoint ${name} ${words.en}`,
    },
    lines: moments.flatMap(([{ vi, en }, ms]) =>
      ms === null ? [] : [{ vi: `${vi}: ${localTime(ms)}`, en: `${en}: ${localTime(ms)}` }],
    ),
    details: {
      session: { id: sessionId, title, rehearsal },
      checkpoint: { name: checkpoint, plannedAt: moment(plannedMs), finishAt: moment(finishMs), finishBy: moment(finishByMs) },
    },
  };
}

const moment = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
