import type { IncidentView } from '../../../live/feed-events.js';

/** `GET /incidents` */
export interface IncidentPage {
  items: IncidentView[];
  total: number;
}

/** `GET /incidents/:id` */
export interface IncidentDetail extends IncidentView {
  audit: AuditLine[];
}

export interface AuditLine {
  at: string;
  type: 'opened' | 'changed' | 'acknowledged' | 'resolved' | 'reopened' | 'merged';
  /** a person, or `monitor` */
  by: string;
  note: string;
  joined: string[];
  left: string[];
}

/** `GET /incidents/:id/contact-log` */
export interface ContactLog {
  items: { id: string; siteCode: string; at: string; by: string; note: string }[];
}
