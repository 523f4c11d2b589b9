import type { FunctionComponent } from 'preact';
import type { PageName, PageProps } from './route.js';

type Loader<Name extends PageName> = () => Promise<FunctionComponent<PageProps<Name>>>;

/** Every page but the wall comes when it is asked for: the wall's screen never downloads a chart. */
export const PAGES: { [Name in Exclude<PageName, 'wall'>]: Loader<Name> } = {
  sessions: () => import('./sessions/SessionsPage.js').then(({ SessionsPage }) => SessionsPage),
  session: () => import('./session/SessionPage.js').then(({ SessionPage }) => SessionPage),
  system: () => import('./system/SystemPage.js').then(({ SystemPage }) => SystemPage),
  site: () => import('./site/SitePage.js').then(({ SitePage }) => SitePage),
  inventory: () => import('./inventory/InventoryPage.js').then(({ InventoryPage }) => InventoryPage),
  incidents: () => import('./incidents/IncidentsPage.js').then(({ IncidentsPage }) => IncidentsPage),
};
