import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { pathOf, readRoute, type Route } from './route.js';

/** Which page is shown; the browser's own address and history are the truth. */
export class Navigation {
  private readonly current: Signal<Route> = signal(readRoute(location.pathname));

  constructor() {
    addEventListener('popstate', () => (this.current.value = readRoute(location.pathname)));
  }

  get route(): ReadonlySignal<Route> {
    return this.current;
  }

  go(route: Route): void {
    history.pushState(null, '', pathOf(route));
    this.current.value = route;
    scrollTo(0, 0);
  }
}
