import type { CallKind } from '../probes/contract.js';
import type { QuietWindow } from './messages.js';

/** The quiet windows of a plan by endpoint: asked before every call, and each second for every call under way. */
export class QuietIndex {
  private readonly forAll: QuietWindow[] = [];
  private readonly byEndpoint = new Map<string, QuietWindow[]>();

  constructor(windows: readonly QuietWindow[]) {
    for (const window of windows) {
      if (window.endpoints === 'all') this.forAll.push(window);
      else for (const id of window.endpoints) this.add(id, window);
    }
  }

  /** In the order in which they begin. */
  of(endpointId: string, kind: CallKind): QuietWindow[] {
    const own = this.byEndpoint.get(endpointId) ?? [];
    return [...this.forAll, ...own].filter(({ kinds }) => kinds.includes(kind)).sort((a, b) => a.fromMs - b.fromMs);
  }

  private add(endpointId: string, window: QuietWindow): void {
    const known = this.byEndpoint.get(endpointId);
    if (known) known.push(window);
    else this.byEndpoint.set(endpointId, [window]);
  }
}
