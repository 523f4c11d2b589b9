import { useComputed, useSignalEffect } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { locale, t } from '../i18n/index.js';
import { OtherPage } from '../pages/OtherPage.js';
import type { BoardView } from '../state/board-view.js';
import { Footer } from './Footer.js';
import { Header } from './Header.js';
import { Help } from './Help.js';
import { Notices } from './Notices.js';
import { type BoardServices, Services, useBoard } from './services.js';
import { useShortcut } from './shortcuts.js';
import { SitePanel } from './SitePanel.js';
import { Wall } from './Wall.js';
import { WorkColumn } from './WorkColumn.js';

export function App({ services }: { services: BoardServices }) {
  useEscape(services.view);
  useSignalEffect(() => {
    document.documentElement.lang = locale.value;
    document.title = t('page.title');
  });
  return (
    <Services.Provider value={services}>
      <Frame />
    </Services.Provider>
  );
}

function Frame() {
  const { clock, navigation } = useBoard();
  const isStale = useComputed(() => clock.freshness.value.kind === 'stale');
  const route = navigation.route.value;
  return (
    <div class="frame" data-stale={isStale}>
      <Notices />
      <Header />
      {route.page === 'wall' ? <WallPage /> : <OtherPage route={route} />}
      <Footer />
      <Help />
    </div>
  );
}

function WallPage() {
  return (
    <>
      <Wall />
      <Side />
      <TestKey />
    </>
  );
}

function Side() {
  const { selected } = useBoard().view;
  return (
    <aside class="side" aria-label={t('work.title')}>
      {selected.value === null ? <WorkColumn /> : <SitePanel key={selected.value} code={selected.value} />}
    </aside>
  );
}

/** `t`: tests the devices of the site that is open, else of the tile that has the focus. */
function TestKey() {
  const { checks, store, view } = useBoard();
  useShortcut('t', () => {
    const code = view.selected.value ?? view.focused.value;
    if (code === null) return;
    for (const endpoint of store.site(code)?.endpoints ?? []) void checks.request(endpoint.value);
    view.selected.value = code;
  });
  return null;
}

/** Escape takes back the last thing opened: the panel, then the search. */
function useEscape(view: BoardView): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || view.helpIsOpen.value) return;
      if (view.selected.value !== null) view.selected.value = null;
      else view.query.value = '';
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [view]);
}
