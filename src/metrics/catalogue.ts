/** Every metric of ours: name, type, labels, help. One list, so that what is documented is what is exported. */
export const CATALOGUE = {
  vc_endpoint_info: {
    type: 'gauge',
    labels: ['endpoint', 'name', 'site', 'tier', 'carrier', 'area', 'protocol'],
    help: 'Endpoint attributes, value is always 1. Join with: * on (endpoint) group_left (carrier, tier) vc_endpoint_info',
  },
  vc_endpoint_up: {
    type: 'gauge',
    labels: ['endpoint'],
    help: '1 if the endpoint answered with its signalling stack in the last assessment, 0 if not. Absent when no fresh result exists.',
  },
  vc_endpoint_ready: {
    type: 'gauge',
    labels: ['endpoint'],
    help: '1 if the endpoint met every criterion of readiness in the last assessment, 0 if not. Absent when no fresh result exists.',
  },
  vc_probe_interval_seconds: {
    type: 'gauge',
    labels: ['endpoint', 'probe'],
    help: 'Probe interval the scheduler currently applies to this endpoint.',
  },
  vc_probe_success: {
    type: 'gauge',
    labels: ['endpoint', 'probe'],
    help: '1 if the last probe of this kind passed, 0 if not. Absent when older than three intervals.',
  },
  vc_probe_duration_seconds: { type: 'gauge', labels: ['endpoint', 'probe'], help: 'Duration of the last probe of this kind.' },
  vc_probe_last_run_timestamp_seconds: {
    type: 'gauge',
    labels: ['endpoint', 'probe'],
    help: 'Unix time at which the last probe of this kind ended, whatever its outcome.',
  },
  vc_media_flowing: {
    type: 'gauge',
    labels: ['endpoint', 'direction', 'medium'],
    help: '1 if media was proven in this direction by the last call, 0 if not. Absent while unknown: to_endpoint needs RTCP reports.',
  },
  vc_media_packet_loss_ratio: {
    type: 'gauge',
    labels: ['endpoint', 'direction', 'medium'],
    help: 'Fraction (0-1) of RTP packets lost in the last call.',
  },
  vc_media_jitter_seconds: {
    type: 'gauge',
    labels: ['endpoint', 'direction', 'medium'],
    help: 'RFC 3550 interarrival jitter at the end of the last call.',
  },
  vc_media_round_trip_seconds: {
    type: 'gauge',
    labels: ['endpoint'],
    help: 'Round-trip time from RTCP LSR/DLSR in the last call.',
  },
  vc_media_mos: {
    type: 'gauge',
    labels: ['endpoint', 'direction'],
    help: 'Estimated audio listening quality 1-5 (ITU-T G.107 E-model from loss, delay, jitter; an estimate, not a measurement).',
  },
  vc_incidents_open: { type: 'gauge', labels: ['severity'], help: 'Incidents open now.' },
  vc_incidents_opened_total: { type: 'counter', labels: ['severity', 'cause'], help: 'Incidents opened since start.' },
  vc_session_info: {
    type: 'gauge',
    labels: ['session', 'kind'],
    help: 'Session attributes, value is always 1; kind: session or rehearsal. Never carries the title or the participants.',
  },
  vc_session_start_timestamp_seconds: { type: 'gauge', labels: ['session'], help: 'Unix time at which the session starts.' },
  vc_session_end_timestamp_seconds: { type: 'gauge', labels: ['session'], help: 'Unix time at which the session ends.' },
  vc_session_endpoints: {
    type: 'gauge',
    labels: ['session', 'state'],
    help: 'Participant sites of the session that are ready and not_ready. Absent until readiness was first judged.',
  },
  vc_session_ready: {
    type: 'gauge',
    labels: ['session'],
    help: '1 if the verdict of the session is GO, 0 if not. Absent until readiness was first judged.',
  },
  vc_probe_runs_total: { type: 'counter', labels: ['probe'], help: 'Probes finished, whatever the outcome.' },
  vc_probe_failures_total: {
    type: 'counter',
    labels: ['probe', 'reason'],
    help: 'Probes that did not pass, by a closed list of reasons.',
  },
  vc_probe_run_duration_seconds: {
    type: 'histogram',
    labels: ['probe'],
    help: 'Distribution of probe durations over all endpoints.',
  },
  vc_scheduler_queued_probes: { type: 'gauge', labels: ['probe'], help: 'Probes due and waiting for a slot.' },
  vc_scheduler_running_probes: { type: 'gauge', labels: ['probe'], help: 'Probes in flight.' },
  vc_scheduler_running_probes_limit: { type: 'gauge', labels: ['probe'], help: 'Most probes allowed in flight.' },
  vc_scheduler_held_back_probes: {
    type: 'gauge',
    labels: ['scope', 'name'],
    help: 'Probes waiting for room in their area or carrier (scope) though their kind has a slot. Absent while there are none.',
  },
  vc_scheduler_skipped_rounds_total: {
    type: 'counter',
    labels: [],
    help: 'Rounds not run: found too late after a pause, or the round before had not ended.',
  },
  vc_clock_steps_total: {
    type: 'counter',
    labels: [],
    help: 'Times the wall clock moved against the monotonic clock by more than one second.',
  },
  vc_prober_up: { type: 'gauge', labels: [], help: '1 if the prober process is alive and heard of within 10 seconds.' },
  vc_store_up: { type: 'gauge', labels: [], help: '1 if the last Postgres health query succeeded.' },
  vc_store_writes_total: { type: 'counter', labels: [], help: 'Result batches offered to Postgres.' },
  vc_store_write_failures_total: {
    type: 'counter',
    labels: [],
    help: 'Result batches that Postgres did not commit at the first try.',
  },
  vc_store_rows_total: {
    type: 'counter',
    labels: ['fate'],
    help: 'Outcomes that Postgres took, by fate: stored, absorbed (told before), set_aside (refused, kept with the reason).',
  },
  vc_store_batches_total: {
    type: 'counter',
    labels: ['path'],
    help: 'Batches committed: copied on the fast path, or merged after a doubt.',
  },
  vc_store_write_duration_seconds: { type: 'histogram', labels: [], help: 'Time from taking a batch up to its commit.' },
  vc_store_waiting_rows: { type: 'gauge', labels: [], help: 'Outcomes in the core that wait for the write before them.' },
  vc_store_spool_records: { type: 'gauge', labels: [], help: 'Outcomes in the prober that Postgres has not committed.' },
  vc_store_spool_dropped_records_total: {
    type: 'counter',
    labels: ['reason'],
    help: 'Outcomes lost before Postgres had them, by reason. Must stay 0.',
  },
  vc_notices_total: {
    type: 'counter',
    labels: ['receiver', 'fate'],
    help: 'Notices by what became of them: sent, or dead (given up after notices.giveUpAfterHours).',
  },
  vc_notice_attempt_failures_total: {
    type: 'counter',
    labels: ['receiver'],
    help: 'Attempts to send a notice that the receiver did not take.',
  },
  vc_notices_waiting: { type: 'gauge', labels: ['receiver'], help: 'Notices in the outbox, digest included.' },
  vc_notices_oldest_due_seconds: {
    type: 'gauge',
    labels: ['receiver'],
    help: 'How long the oldest notice that should have been sent has waited. Absent when none is overdue.',
  },
  vc_notices_unstored: { type: 'gauge', labels: [], help: 'Notices in memory because Postgres takes nothing.' },
  vc_notices_dropped_total: {
    type: 'counter',
    labels: [],
    help: 'Notices lost because too many waited in memory for Postgres. Must stay 0.',
  },
  vc_socket_clients: { type: 'gauge', labels: ['namespace'], help: 'Connected socket clients.' },
  vc_socket_snapshots_total: { type: 'counter', labels: [], help: 'Snapshots sent to pages of the live feed.' },
  vc_socket_lagged_total: {
    type: 'counter',
    labels: [],
    help: 'Times a page of the live feed did not keep up: it gets a snapshot later instead of deltas.',
  },
  vc_socket_evicted_total: {
    type: 'counter',
    labels: ['reason'],
    help: 'Pages of the live feed that were sent away (reason: slow, rate).',
  },
  vc_access_denied_total: {
    type: 'counter',
    labels: ['surface'],
    help: 'Requests refused by a role check (surface: http or socket).',
  },
  vc_build_info: { type: 'gauge', labels: ['version', 'node_version'], help: 'Build, value is always 1.' },
} as const;

export type MetricName = keyof typeof CATALOGUE;
