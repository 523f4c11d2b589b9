/** What `POST /sessions/import` says. Timestamps are ISO 8601 UTC. */
export interface CalendarReport {
  dryRun: boolean;
  created: ReportLine[];
  changed: ReportLine[];
  cancelled: ReportLine[];
  kept: (ReportLine & { why: string })[];
  unchanged: number;
  ignored: unknown[];
}

export interface ReportLine {
  id: string;
  title: string;
  startsAt: string;
  fields?: FieldChanges;
}

/** What is wrong in a file. */
export interface LineProblem {
  line: number;
  field: string;
  found: string;
  allowed: string;
}

/** One field of a session before and after, under its name in the API. */
export type FieldChanges = Record<string, { from: unknown; to: unknown }>;
