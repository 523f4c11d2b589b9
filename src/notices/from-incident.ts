import { createHash } from 'node:crypto';
import { sentenceOf, type Words } from '../common/operator-words.js';
import type { CauseKind } from '../incidents/cause.js';
import type { Evidence, IncidentEventType, Severity } from '../incidents/incident.js';
import { localTime } from './local-time.js';
import type { Notice } from './notice.js';

/** What a notice needs of an incident; the rest of what it is given goes along as it is. */
export interface ToldIncident {
  id: string;
  cause: { kind: CauseKind; name: string };
  severity: Severity;
  openedAt: string;
  acknowledged: { by: string; note: string; at: string } | null;
  members: string[];
  sites: string[];
  everMembers: string[];
  reopened: number;
  siteMinutesLost: number;
  evidence: Evidence[];
}

export interface IncidentNews {
  type: IncidentEventType;
  incident: ToldIncident;
}

const MAX_SITES = 100;
const SITES_IN_WORDS = 20;

const NEWS: Record<IncidentEventType, Words> = {
  opened: { vi: 'Sự cố mới', en: 'New incident' },
  changed: { vi: 'Sự cố thay đổi', en: 'Incident changed' },
  acknowledged: { vi: 'Sự cố đã tiếp nhận', en: 'Incident acknowledged' },
  resolved: { vi: 'Sự cố đã khắc phục', en: 'Incident resolved' },
  reopened: { vi: 'Sự cố tái diễn', en: 'Incident is back' },
};

const REHEARSAL: Words = { vi: '[Tổng duyệt] ', en: '[Rehearsal] ' };

const SEVERITY: Record<Severity, Words> = {
  critical: { vi: 'nghiêm trọng', en: 'critical' },
  major: { vi: 'cao', en: 'major' },
  minor: { vi: 'trung bình', en: 'minor' },
  info: { vi: 'thấp', en: 'info' },
};

const CAUSE: Record<CauseKind, Words> = {
  vantage: { vi: 'điểm đo', en: 'vantage' },
  upstream: { vi: 'nút mạng', en: 'network node' },
  mcu: { vi: 'MCU', en: 'MCU' },
  carrier: { vi: 'nhà mạng', en: 'carrier' },
  area: { vi: 'khu vực', en: 'area' },
  tier: { vi: 'cấp', en: 'tier' },
  endpoint: { vi: 'điểm cầu', en: 'site' },
};

/**
 * @param atMs when it was told; only labels, never part of the key
 * @param rehearsed faults are being made on purpose where it is: said with it, so that nobody runs
 */
export function noticeOfIncident({ type, incident }: IncidentNews, atMs: number, rehearsed = false): Notice {
  const { id, cause, severity, sites } = incident;
  const name = cause.kind === 'endpoint' ? (incident.evidence[0]?.siteName ?? cause.name) : cause.name;
  const title = (language: keyof Words, many: string): string =>
    `${rehearsed ? REHEARSAL[language] : ''}${NEWS[type][language]} (${SEVERITY[severity][language]}): ${CAUSE[cause.kind][language]} ${name}${cause.kind === 'endpoint' ? '' : `, ${sites.length} ${many}`}`;
  return {
    ...{ key: keyOf(type, incident), type: `incident.${type}`, subject: `incident/${id}`, atMs },
    title: { vi: title('vi', 'điểm cầu'), en: title('en', 'sites') },
    lines: linesOf(type, incident),
    details: { incident: detailsOf(incident), rehearsal: rehearsed },
  };
}

/** The same picture of an incident is told once, whoever computes it anew: a restart, a replay, a line that comes and goes. */
function keyOf(type: IncidentEventType, { id, severity, sites, reopened, acknowledged }: ToldIncident): string {
  const picture = createHash('sha256')
    .update(JSON.stringify([severity, [...sites].sort()]))
    .digest('hex');
  const change = { opened: '', changed: picture.slice(0, 16), acknowledged: acknowledged?.at ?? '', resolved: '', reopened: '' }[
    type
  ];
  return ['incident', id, reopened, type, change].filter((part) => part !== '').join('/');
}

function linesOf(type: IncidentEventType, incident: ToldIncident): Words[] {
  const { sites, openedAt, acknowledged, siteMinutesLost, evidence } = incident;
  const since = localTime(Date.parse(openedAt));
  const shown = sites.slice(0, SITES_IN_WORDS).join(', ') + (sites.length > SITES_IN_WORDS ? ', …' : '');
  const lines: Words[] = [{ vi: `Từ ${since}`, en: `Since ${since}` }];
  if (shown) lines.push({ vi: `Điểm cầu: ${shown}`, en: `Sites: ${shown}` });
  if (type === 'acknowledged' && acknowledged) {
    const said = `${acknowledged.by}${acknowledged.note && `: ${acknowledged.note}`}`;
    lines.push({ vi: `Người tiếp nhận: ${said}`, en: `By ${said}` });
  }
  if (type === 'resolved')
    lines.push({
      vi: `Tổng thời gian gián đoạn: ${siteMinutesLost} điểm cầu x phút`,
      en: `Lost: ${siteMinutesLost} site minutes`,
    });
  else lines.push(...evidence.flatMap(({ siteName, reason }) => (reason ? [told(siteName, sentenceOf('down', reason))] : [])));
  return lines;
}

const told = (siteName: string, { vi, en }: Words): Words => ({ vi: `${siteName}: ${vi}`, en: `${siteName}: ${en}` });

/** A province-wide outage must still be a message of some kilobytes; the API has the rest. */
function detailsOf({ members, sites, everMembers: _ever, evidence, ...rest }: ToldIncident): object {
  return {
    ...rest,
    ...{ siteCount: sites.length, endpointCount: members.length, sites: sites.slice(0, MAX_SITES) },
    evidence: evidence.map(({ endpointId, siteName, reason, since }) => ({ endpointId, siteName, reason, since })),
  };
}
