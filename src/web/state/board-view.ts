import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { recall, remember } from '../text/preferences.js';
import { matchesQuery } from '../text/search.js';
import type { BoardStore } from './board-store.js';
import { computedList } from './computed-list.js';
import {
  type Grouping,
  GROUPINGS,
  groupSites,
  SITE_ORDERS,
  type SiteGroup,
  type SiteModel,
  type SiteOrder,
} from './site-model.js';

const ORDERS = Object.keys(SITE_ORDERS) as SiteOrder[];

const ON_OFF = ['on', 'off'] as const;

/** What the person at this page looks for and looks at; on top of what the feed says. */
export class BoardView {
  readonly query = signal('');
  readonly grouping: Signal<Grouping> = signal(recall('grouping', GROUPINGS) ?? 'area');
  readonly order: Signal<SiteOrder> = signal(recall('order', ORDERS) ?? 'worst');
  readonly helpIsOpen = signal(false);
  readonly mapIsOpen: Signal<boolean> = signal(recall('map', ON_OFF) === 'on');
  /** whether a new incident is heard */
  readonly soundIsOn: Signal<boolean> = signal(recall('sound', ON_OFF) === 'on');
  /** code of the site whose panel is open */
  readonly selected = signal<string | null>(null);
  /** code of the tile that had the focus last */
  readonly focused = signal<string | null>(null);
  /** code of the tile that an arrow key leads to, until it is there and takes the focus; for tiles that are no elements */
  stepTo: string | null = null;
  readonly groups: ReadonlySignal<readonly GroupView[]>;
  readonly found: ReadonlySignal<number>;
  /** The one tile that the Tab key reaches; the arrow keys go on from there. */
  readonly tabStop: ReadonlySignal<string | undefined>;

  constructor(store: BoardStore) {
    this.groups = computed(() =>
      groupSites(store.sites.value, this.grouping.value).map((group) => new GroupView(group, this.query, this.order)),
    );
    this.found = computed(() => this.groups.value.reduce((sum, group) => sum + group.visible.value.length, 0));
    this.tabStop = computed(() => {
      const codes = this.groups.value.flatMap((group) => group.visible.value.map((site) => site.code));
      return codes.find((code) => code === this.focused.value) ?? codes[0];
    });
  }

  toggleMap(): void {
    this.mapIsOpen.value = !this.mapIsOpen.value;
    remember('map', this.mapIsOpen.value ? 'on' : 'off');
  }

  toggleSound(): void {
    this.soundIsOn.value = !this.soundIsOn.value;
    remember('sound', this.soundIsOn.value ? 'on' : 'off');
  }

  groupBy(grouping: Grouping): void {
    this.grouping.value = grouping;
    remember('grouping', grouping);
  }

  orderBy(order: SiteOrder): void {
    this.order.value = order;
    remember('order', order);
  }
}

export class GroupView {
  /** what the search leaves, in the order chosen */
  readonly visible: ReadonlySignal<readonly SiteModel[]>;
  readonly readyCount: ReadonlySignal<number>;

  constructor(
    readonly group: SiteGroup,
    query: ReadonlySignal<string>,
    order: ReadonlySignal<SiteOrder>,
  ) {
    const ordered = computedList(() => SITE_ORDERS[order.value](group.sites));
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
