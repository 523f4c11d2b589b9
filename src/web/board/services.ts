import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { CheckNow } from '../feed/check-now.js';
import type { LiveConnection } from '../feed/live-connection.js';
import type { Navigation } from '../pages/navigation.js';
import type { BoardClock } from '../state/board-clock.js';
import type { BoardStore } from '../state/board-store.js';
import type { BoardView } from '../state/board-view.js';

export interface BoardServices {
  store: BoardStore;
  view: BoardView;
  connection: LiveConnection;
  clock: BoardClock;
  checks: CheckNow;
  navigation: Navigation;
}

export const Services = createContext<BoardServices | null>(null);

export function useBoard(): BoardServices {
  const services = useContext(Services);
  if (!services) throw new Error('the board is drawn outside of its Services');
  return services;
}
