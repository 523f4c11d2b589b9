import type { FunctionComponent } from 'preact';
import type { PageName, PageProps } from './route.js';

type Loader<Name extends PageName> = () => Promise<FunctionComponent<PageProps<Name>>>;

/** Every page but the wall comes when it is asked for: the wall's screen never downloads a chart. */
export const PAGES: { [Name in Exclude<PageName, 'wall'>]?: Loader<Name> } = {
  incidents: () => import('./incidents/IncidentsPage.js').then(({ IncidentsPage }) => IncidentsPage),
};
