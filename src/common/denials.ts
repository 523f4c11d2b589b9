/** Refused requests by where they came in. Counted by who refuses, read by the metrics. */
export class Denials {
  readonly http = { total: 0 };
  readonly socket = { total: 0 };
}
