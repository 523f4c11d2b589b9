import type { HealthState } from '../state/health.js';

/** A shape on a field of 12 by 12: filled, or drawn with a pen of that width. */
export interface Shape {
  path: string;
  penWidth?: number;
}

const CIRCLE = 'M1.8 6a4.2 4.2 0 1 0 8.4 0a4.2 4.2 0 1 0-8.4 0';

/** A shape for each state, so that nothing is told by colour alone. One table for elements and for painted tiles. */
export const STATE_SHAPES: Record<HealthState, Shape> = {
  ready: { path: CIRCLE },
  degraded: { path: 'M6 .9 11.6 11H.4z' },
  down: { path: 'M2 2l8 8M10 2l-8 8', penWidth: 2.6 },
  'in-use': { path: 'M6 .6 11.4 6 6 11.4.6 6z' },
  unverified: { path: 'M3.4 4.1C3.4.7 8.7.7 8.7 4c0 2-2.6 2-2.6 4.1M6.1 10.7v.2', penWidth: 2 },
  untested: { path: CIRCLE, penWidth: 1.6 },
  unknown: { path: 'M2 6h8', penWidth: 2.2 },
  maintenance: { path: 'M4 2v8M8 2v8', penWidth: 2.2 },
};
export const SHAPE_FIELD = 12;
