import { describe, expect, it } from '@jest/globals';
import type { ReadinessEvent } from '../sessions/readiness-events.js';
import { DoubtNotices } from './doubt-notices.js';
import { type IncidentNews, noticeOfIncident, type ToldIncident } from './from-incident.js';
import { noticeOfReadiness } from './from-session.js';

const AT = Date.parse('2026-11-22T01:12:00Z');

const incident = (given: Partial<ToldIncident> = {}): ToldIncident => ({
  ...{ id: '7', cause: { kind: 'carrier', name: 'VNPT' }, severity: 'critical', openedAt: '2026-11-22T01:10:00.000Z' },
  ...{
    acknowledged: null,
    members: ['04792-1', '04795-1'],
    sites: ['04792', '04795'],
    everMembers: [],
    reopened: 0,
    siteMinutesLost: 12.5,
  },
  evidence: [{ endpointId: '04792-1', siteName: 'Phường Việt Trì', reason: 'no-answer', since: null, outcome: { secret: 'x' } }],
  ...given,
});
const tell = (type: IncidentNews['type'], given?: Partial<ToldIncident>, atMs = AT) =>
  noticeOfIncident({ type, incident: incident(given) }, atMs);

describe(noticeOfIncident, () => {
  it('says cause, extent and reason in both languages', () => {
    expect(tell('opened')).toMatchObject({
      key: 'incident/7/0/opened',
      type: 'incident.opened',
      subject: 'incident/7',
      title: { vi: 'Sự cố mới (nghiêm trọng): nhà mạng VNPT, 2 điểm cầu', en: 'New incident (critical): carrier VNPT, 2 sites' },
      lines: [
        { vi: 'Từ 08:10 22/11/2026', en: 'Since 08:10 22/11/2026' },
        { vi: 'Điểm cầu: 04792, 04795', en: 'Sites: 04792, 04795' },
        { vi: expect.stringContaining('Phường Việt Trì: Không phản hồi'), en: expect.stringContaining('No answer') },
      ],
      details: { incident: { siteCount: 2, endpointCount: 2, evidence: [{ siteName: 'Phường Việt Trì', reason: 'no-answer' }] } },
    });
  });

  it('calls a single endpoint by the name of its site', () => {
    const rehearsed = noticeOfIncident({ type: 'opened', incident: incident() }, AT, true);
    expect(rehearsed.title.vi).toBe('[Tổng duyệt] Sự cố mới (nghiêm trọng): nhà mạng VNPT, 2 điểm cầu');
    expect(rehearsed).toMatchObject({ key: tell('opened').key, details: { rehearsal: true } });
    const { title } = tell('opened', { cause: { kind: 'endpoint', name: '04792-1' }, sites: ['04792'], severity: 'major' });
    expect(title.vi).toBe('Sự cố mới (cao): điểm cầu Phường Việt Trì');
  });

  it('is the same notice for the same picture, whenever it is computed, and another for another', () => {
    const keys = [
      tell('changed'),
      tell('changed', { sites: ['04795', '04792'], siteMinutesLost: 99 }, AT + 60_000),
      tell('changed', { sites: ['04792'] }),
      tell('changed', { severity: 'major' }),
      tell('changed', { reopened: 1 }),
      tell('resolved'),
      tell('resolved', { reopened: 1 }),
    ].map(({ key }) => key);
    expect(keys[1]).toBe(keys[0]);
    expect(new Set(keys).size).toBe(6);
  });

  it('says who took it, and at the end what was lost', () => {
    const acknowledged = { by: 'Trực ban', note: 'đã gọi VNPT', at: '2026-11-22T01:12:00.000Z' };
    expect(tell('acknowledged', { acknowledged }).lines).toContainEqual({
      vi: 'Người tiếp nhận: Trực ban: đã gọi VNPT',
      en: 'By Trực ban: đã gọi VNPT',
    });
    expect(tell('resolved').lines.at(-1)).toEqual({
      vi: 'Tổng thời gian gián đoạn: 12.5 điểm cầu x phút',
      en: 'Lost: 12.5 site minutes',
    });
  });

  it('stays small when a whole country is away', () => {
    const sites = Array.from({ length: 10_000 }, (_one, index) => `site-${index}`);
    const told = tell('opened', { sites, members: sites, everMembers: sites });
    expect(JSON.stringify(told).length).toBeLessThan(10_000);
    expect(told.details).toMatchObject({ incident: { siteCount: 10_000 } });
  });
});

describe(noticeOfReadiness, () => {
  const told = { sessionId: 's1', title: 'Giao ban', rehearsal: false, key: 'k', atMs: AT };
  const site = (code: string, standing: string) => ({
    ...{ siteCode: code, siteName: `Xã ${code}`, class: standing, reason: 'no-answer', since: null },
    ...{ sentence: { vi: 'Không phản hồi', en: 'No answer' }, contact: { name: 'Ông An', phone: '0912' } },
  });
  const verdict = (count: number) =>
    ({
      ...{ ...told, type: 'session-no-go', was: 'GO' },
      readiness: {
        ...{ verdict: 'NO_GO', ready: 1, total: count + 1, required: { total: count, ready: 0 }, missingMustHave: ['001'] },
        sites: [...Array.from({ length: count }, (_one, index) => site(`0${index}`, 'notReady')), site('99', 'ready')],
      },
    }) as unknown as ReadinessEvent;

  it('says how many are ready, who is not, why, and whom to phone', () => {
    expect(noticeOfReadiness(verdict(1))).toMatchObject({
      ...{ key: 'readiness/k', type: 'session.no-go', subject: 'session/s1' },
      title: {
        vi: 'Phiên họp "Giao ban": CHƯA ĐỦ ĐIỀU KIỆN, 1/2 điểm cầu sẵn sàng',
        en: 'Session "Giao ban": NO-GO, 1/2 sites ready',
      },
      lines: [
        { vi: 'Bắt buộc: 0/1 sẵn sàng' },
        { vi: 'Không thể thiếu: 001' },
        { vi: 'Xã 00 (00): Không phản hồi; Ông An 0912', en: 'Xã 00 (00): No answer; Ông An 0912' },
      ],
    });
  });

  it('calls a rehearsal one', () => {
    const event = { ...verdict(1), rehearsal: true } as ReadinessEvent;
    expect(noticeOfReadiness(event)).toMatchObject({
      title: {
        vi: 'Tổng duyệt "Giao ban": CHƯA ĐỦ ĐIỀU KIỆN, 1/2 điểm cầu sẵn sàng',
        en: 'Rehearsal "Giao ban": NO-GO, 1/2 sites ready',
      },
      details: { session: { rehearsal: true } },
    });
  });

  it('names those who come first, and counts the rest', () => {
    const { lines } = noticeOfReadiness(verdict(40));
    expect(lines).toHaveLength(18);
    expect(lines.at(-1)).toEqual({ vi: 'và 25 điểm cầu khác', en: 'and 25 more sites' });
  });

  it('says by when a checkpoint would end, and by when it must', () => {
    const event = {
      ...told,
      type: 'cannot-finish',
      checkpoint: 'PT30M',
      plannedMs: AT,
      finishMs: AT + 1_800_000,
      finishByMs: AT + 600_000,
    };
    expect(noticeOfReadiness(event as ReadinessEvent)).toMatchObject({
      type: 'checkpoint.cannot-finish',
      title: { en: 'Session "Giao ban": checkpoint T-30M cannot end in time' },
      lines: [{ en: 'Planned: 08:12 22/11/2026' }, { en: 'Ends: 08:42 22/11/2026' }, { en: 'Must end before: 08:22 22/11/2026' }],
      details: { checkpoint: { name: 'PT30M', finishBy: '2026-11-22T01:22:00.000Z' } },
    });
  });
});

describe(DoubtNotices, () => {
  it('tells once that the monitor is blind, and once that it sees again', () => {
    const doubts = new DoubtNotices();
    const doubt = { sinceMs: AT, why: 'references' as const, targets: ['10.0.0.1'] };
    expect(doubts.changed(null, AT)).toBeNull();
    expect(doubts.changed(doubt, AT)).toMatchObject({
      type: 'monitor.blind',
      lines: [{ vi: 'Các điểm tham chiếu không trả lời: 10.0.0.1' }, {}],
    });
    expect(doubts.changed({ ...doubt, targets: ['10.0.0.1', '10.0.0.2'] }, AT + 1)).toBeNull();
    expect(doubts.changed(null, AT + 60_000)).toMatchObject({ type: 'monitor.sees', atMs: AT + 60_000 });
    expect(doubts.changed(null, AT + 61_000)).toBeNull();
  });
});
