/** What a notice can be about: part of the public contract (webhooks, settings). */
export const NOTICE_TYPES = [
  'incident.opened',
  'incident.changed',
  'incident.acknowledged',
  'incident.resolved',
  'incident.reopened',
  'session.at-risk',
  'session.no-go',
  'session.ready',
  'checkpoint.done',
  'checkpoint.late',
  'checkpoint.cannot-finish',
  'monitor.blind',
  'monitor.sees',
] as const;
export type NoticeType = (typeof NOTICE_TYPES)[number];

/** Somebody may have to act: sent at once. The rest can wait for the digest. */
export const URGENT_NOTICE_TYPES = NOTICE_TYPES.filter(
  (type) => !['incident.acknowledged', 'session.ready', 'checkpoint.done'].includes(type),
);
