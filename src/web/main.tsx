import { render } from 'preact';
import { App } from './board/App.js';
import { followIncidentSound } from './board/incident-sound.js';
import { followSiteLink } from './board/site-link.js';
import { followTheme } from './board/theme.js';
import { CheckNow } from './feed/check-now.js';
import { LiveConnection } from './feed/live-connection.js';
import { Navigation } from './pages/navigation.js';
import { BoardClock } from './state/board-clock.js';
import { BoardStore } from './state/board-store.js';
import { BoardView } from './state/board-view.js';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/frame.css';
import './styles/tiles.css';
import './styles/side.css';
import './styles/pages.css';

const root = document.getElementById('board');
if (!root) throw new Error('index.html has no element "board"');

const store = new BoardStore();
const connection = new LiveConnection(store);
const view = new BoardView(store);
const navigation = new Navigation();
followTheme(document.documentElement);
followSiteLink(view, navigation);
followIncidentSound(store, view);
render(
  <App
    services={{
      store,
      connection,
      view,
      clock: new BoardClock(connection),
      checks: new CheckNow(),
      navigation,
    }}
  />,
  root,
);
