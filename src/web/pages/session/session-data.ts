import { computed, type ReadonlySignal } from '@preact/signals';
import type { EndpointView, SessionView } from '../../../live/feed-events.js';
import { Fetched } from '../../feed/fetched.js';
import type { BoardStore } from '../../state/board-store.js';
import type { CheckpointView, FrozenSnapshot, Listed, ReadinessView, SignOff } from './api-types.js';
import { Retests } from './retests.js';

/** What one session's page shows: asked for over HTTP, and again when the feed says that the session is not as it was. */
export class SessionData {
  readonly asked: Fetched<SessionView>;
  readonly readiness: Fetched<ReadinessView>;
  readonly checkpoints: Fetched<Listed<CheckpointView>>;
  readonly signOffs: Fetched<Listed<SignOff>>;
  readonly snapshot: Fetched<FrozenSnapshot>;
  readonly retests: Retests;
  /** as the feed has it; null: it ended more than a day ago, and the feed tells nothing of it */
  readonly live: ReadonlySignal<SessionView | null>;
  readonly session: ReadonlySignal<SessionView | null>;

  constructor(
    readonly id: string,
    private readonly store: BoardStore,
  ) {
    const path = `/sessions/${encodeURIComponent(id)}`;
    this.asked = new Fetched(path);
    this.readiness = new Fetched(`${path}/readiness`);
    this.checkpoints = new Fetched(`${path}/checkpoints`);
    this.signOffs = new Fetched(`${path}/sign-off`);
    this.snapshot = new Fetched(`${path}/snapshot`);
    this.retests = new Retests(id, (sites) => this.devicesOf(sites));
    this.live = computed(() => store.sessions.value.find((session) => session.id === id) ?? null);
    this.session = computed(() => this.live.value ?? this.asked.value.value);
  }

  /** What changes by itself. */
  refresh(): void {
    void this.readiness.load();
    void this.checkpoints.load();
  }

  /** What changes when a person changes it. */
  refreshRecords(): void {
    void this.asked.load();
    void this.signOffs.load();
  }

  /** @param sites null: of every site on the board */
  devicesOf(sites: readonly string[] | null): EndpointView[] {
    const models = sites === null ? this.store.sites.value : sites.flatMap((code) => this.store.site(code) ?? []);
    return models.flatMap(({ endpoints }) => endpoints.map((endpoint) => endpoint.value));
  }
}
