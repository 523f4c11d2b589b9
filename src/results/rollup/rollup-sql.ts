/** Whose the figures are. */
export const KEY = 'endpoint_id, kind, vantage';

/** The columns of a rollup that hold figures. */
export const FIGURES =
  'total, passed, failed, rtt_count, rtt_sum_ms, rtt_min_ms, rtt_max_ms, rtt_bins, rtt_counts, loss_count, loss_sum, ' +
  'jitter_count, jitter_sum_ms, jitter_max_ms, mos_count, mos_sum, mos_min, reasons';

/** Passed results only: the time that a refusal took says nothing of the line in a call. */
const RTT = `CASE WHEN result = 'pass' AND rtt_ms > 0 THEN rtt_ms END`;

/** Figures of single results: rows of `source` (as probe_results gives them, and the columns of `group`) become one row a group. */
export const countedUp = (source: string, group: string): string => `
WITH results AS MATERIALIZED (
  SELECT ${group}, result, reason, ${RTT} AS rtt_ms, loss_ratio, jitter_ms, mos FROM (${source}) AS given
), binned AS (
  SELECT ${group}, log_bin(rtt_ms) AS bin, count(*)::integer AS n FROM results WHERE rtt_ms IS NOT NULL GROUP BY ${group}, bin
), unpassed AS (
  SELECT ${group}, reason::text, count(*)::integer AS n FROM results WHERE result <> 'pass' GROUP BY ${group}, reason
), figures AS (
  SELECT ${group}, count(*)::integer AS total, count(*) FILTER (WHERE result = 'pass')::integer AS passed,
    count(*) FILTER (WHERE result = 'fail')::integer AS failed,
    count(rtt_ms)::integer AS rtt_count, coalesce(sum(rtt_ms::double precision), 0) AS rtt_sum_ms, min(rtt_ms) AS rtt_min_ms,
    max(rtt_ms) AS rtt_max_ms,
    count(loss_ratio)::integer AS loss_count, coalesce(sum(loss_ratio::double precision), 0) AS loss_sum,
    count(jitter_ms)::integer AS jitter_count, coalesce(sum(jitter_ms::double precision), 0) AS jitter_sum_ms,
    max(jitter_ms) AS jitter_max_ms,
    count(mos)::integer AS mos_count, coalesce(sum(mos::double precision), 0) AS mos_sum, min(mos) AS mos_min
  FROM results GROUP BY ${group}
)${complete(group)}`;

/** Figures of figures: rollups of hours, days or anything else become one row a group. */
export const addedUp = (source: string, group: string): string => `
WITH part AS MATERIALIZED (${source}),
binned AS (
  SELECT ${group}, one.bin, sum(one.n)::integer AS n FROM part, unnest(rtt_bins, rtt_counts) AS one (bin, n) GROUP BY ${group}, one.bin
), unpassed AS (
  SELECT ${group}, one.key AS reason, sum(one.value::integer)::integer AS n
  FROM part, jsonb_each_text(reasons) AS one GROUP BY ${group}, one.key
), figures AS (
  SELECT ${group}, sum(total)::integer AS total, sum(passed)::integer AS passed, sum(failed)::integer AS failed,
    sum(rtt_count)::integer AS rtt_count, sum(rtt_sum_ms) AS rtt_sum_ms, min(rtt_min_ms) AS rtt_min_ms, max(rtt_max_ms) AS rtt_max_ms,
    sum(loss_count)::integer AS loss_count, sum(loss_sum) AS loss_sum, sum(jitter_count)::integer AS jitter_count,
    sum(jitter_sum_ms) AS jitter_sum_ms, max(jitter_max_ms) AS jitter_max_ms, sum(mos_count)::integer AS mos_count,
    sum(mos_sum) AS mos_sum, min(mos_min) AS mos_min
  FROM part GROUP BY ${group}
)${complete(group)}`;

function complete(group: string): string {
  return `, histogram AS (
  SELECT ${group}, array_agg(bin ORDER BY bin) AS rtt_bins, array_agg(n ORDER BY bin) AS rtt_counts FROM binned GROUP BY ${group}
), why AS (
  SELECT ${group}, jsonb_object_agg(reason, n) AS reasons FROM unpassed GROUP BY ${group}
)
SELECT ${group}, total, passed, failed, rtt_count, rtt_sum_ms, rtt_min_ms, rtt_max_ms, coalesce(rtt_bins, '{}') AS rtt_bins,
  coalesce(rtt_counts, '{}') AS rtt_counts, loss_count, loss_sum, jitter_count, jitter_sum_ms, jitter_max_ms, mos_count, mos_sum,
  mos_min, coalesce(reasons, '{}') AS reasons
FROM figures LEFT JOIN histogram USING (${group}) LEFT JOIN why USING (${group})`;
}

/** The results of many spans of time. `spans` is a relation with the columns from_at and to_at. */
export const resultsIn = (spans: string): string =>
  `SELECT every.* FROM ${spans} AS span, probe_results(span.from_at, span.to_at) AS every WHERE every.endpoint_id IS NOT NULL`;

/** $1: the hour. Made anew from everything that is stored of it, so that running it twice is as good as once. */
export const MAKE_HOUR = `
INSERT INTO rollup_hour (hour, ${KEY}, ${FIGURES})
SELECT $1::timestamptz, made.* FROM (${countedUp(
  resultsIn(`(SELECT $1::timestamptz AS from_at, $1::timestamptz + interval '1 hour' AS to_at)`),
  KEY,
)}) AS made`;

/** $1: the moment at which the day begins in Asia/Ho_Chi_Minh. */
export const MAKE_DAY = `
INSERT INTO rollup_day (day, ${KEY}, ${FIGURES})
SELECT ($1::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, made.* FROM (${addedUp(
  `SELECT * FROM rollup_hour WHERE hour >= $1::timestamptz AND hour < $1::timestamptz + interval '1 day'`,
  KEY,
)}) AS made`;
