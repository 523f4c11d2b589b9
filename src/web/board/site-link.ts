import { effect } from '@preact/signals';
import type { Navigation } from '../pages/navigation.js';
import type { BoardView } from '../state/board-view.js';

const PARAMETER = 'site';

/** Keeps the site that is open on the wall in the address (`/?site=CODE`), so that a link to it can be sent. */
export function followSiteLink(view: BoardView, navigation: Navigation): void {
  const read = (): void => {
    if (navigation.route.peek().page === 'wall') view.selected.value = new URLSearchParams(location.search).get(PARAMETER);
  };
  read();
  addEventListener('popstate', read);
  effect(() => {
    const code = view.selected.value;
    if (navigation.route.value.page !== 'wall') return;
    const address = code === null ? '/' : `/?${new URLSearchParams({ [PARAMETER]: code })}`;
    if (address !== location.pathname + location.search) history.replaceState(null, '', address);
  });
}
