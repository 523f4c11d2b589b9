import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { matchesQuery } from '../text/search.js';
import type { BoardStore } from './board-store.js';
import { computedList } from './computed-list.js';
import { type SiteGroup, type SiteModel, worstFirst } from './site-model.js';

/** What the person at this page looks for and looks at; on top of what the feed says. */
export class BoardView {
  readonly query = signal('');
  /** code of the site whose panel is open */
  readonly selected = signal<string | null>(null);
  /** code of the tile that had the focus last */
  readonly focused = signal<string | null>(null);
  readonly groups: ReadonlySignal<readonly GroupView[]>;
  readonly found: ReadonlySignal<number>;
  /** The one tile that the Tab key reaches; the arrow keys go on from there. */
  readonly tabStop: ReadonlySignal<string | undefined>;

  constructor(store: BoardStore) {
    this.groups = computed(() => store.groups.value.map((group) => new GroupView(group, this.query)));
    this.found = computed(() => this.groups.value.reduce((sum, group) => sum + group.visible.value.length, 0));
    this.tabStop = computed(() => {
      const codes = this.groups.value.flatMap((group) => group.visible.value.map((site) => site.code));
      return codes.find((code) => code === this.focused.value) ?? codes[0];
    });
  }
}

export class GroupView {
  /** what the search leaves, worst first */
  readonly visible: ReadonlySignal<readonly SiteModel[]>;
  readonly readyCount: ReadonlySignal<number>;

  constructor(
    readonly group: SiteGroup,
    query: ReadonlySignal<string>,
  ) {
    const ordered = computedList(() => [...group.sites].sort(worstFirst));
    this.visible = computedList(() => {
      const wanted = query.value;
      if (!wanted.trim()) return ordered.value;
      return ordered.value.filter((site) =>
        matchesQuery(
          wanted,
          site.endpoints.map((endpoint) => endpoint.value),
        ),
      );
    });
    this.readyCount = computed(() => group.sites.filter((site) => site.state.value === 'ready').length);
  }
}
