import type { HealthState } from '../../state/health.js';
import { type Projection, scaleBarKm } from '../../state/map-projection.js';
import type { Palette } from '../dense/palette.js';
import { SHAPE_FIELD, STATE_SHAPES } from '../state-shapes.js';

/** One site on the map. */
export interface Mark {
  code: string;
  name: string;
  x: number;
  y: number;
  state: HealthState;
  inIncident: boolean;
  isChosen: boolean;
}

const QUIET_PX = 8;
const LOUD_PX = 13;
const LABEL_PX = 12;
const SCALE_MOST_PX = 90;
const MARGIN_PX = 14;
const FONT = "'Be Vietnam Pro', system-ui, sans-serif";

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** @param marks what needs nobody first: what needs a person is painted over it, and named at the right or left of it where there is room */
export function paintMap(context: CanvasRenderingContext2D, marks: readonly Mark[], palette: Palette): void {
  for (const mark of marks) paintMark(context, mark, palette);
  const taken: Box[] = marks.filter((mark) => !isQuiet(mark.state)).map(({ x, y }) => boxAt(x - LOUD_PX / 2, y, LOUD_PX));
  context.font = `500 ${LABEL_PX}px ${FONT}`;
  context.textBaseline = 'middle';
  for (const mark of [...marks].reverse()) {
    if (isQuiet(mark.state) && !mark.isChosen) continue;
    const { width } = context.measureText(mark.name);
    const gap = mark.inIncident || mark.isChosen ? LOUD_PX + 8 : LOUD_PX;
    const box = [mark.x + gap, mark.x - gap - width]
      .map((left) => boxAt(left, mark.y, width))
      .find((one) => !taken.some((other) => overlap(other, one)));
    if (!box) continue;
    taken.push(box);
    context.fillStyle = palette.ink;
    context.fillText(mark.name, box.left, mark.y);
  }
}

export const isQuiet = (state: HealthState): boolean => state === 'ready' || state === 'maintenance' || state === 'in-use';

function paintMark(context: CanvasRenderingContext2D, { x, y, state, inIncident, isChosen }: Mark, palette: Palette): void {
  const size = isQuiet(state) ? QUIET_PX : LOUD_PX;
  const { path, penWidth } = STATE_SHAPES[state];
  context.save();
  context.translate(x - size / 2, y - size / 2);
  context.scale(size / SHAPE_FIELD, size / SHAPE_FIELD);
  context.lineCap = 'round';
  if (penWidth === undefined) {
    context.fillStyle = palette.marks[state];
    context.fill(new Path2D(path));
  } else {
    context.strokeStyle = palette.marks[state];
    context.lineWidth = penWidth;
    context.stroke(new Path2D(path));
  }
  context.restore();
  if (inIncident) paintRing(context, x, y, size, palette.incident);
  if (isChosen) paintRing(context, x, y, size + 5, palette.chosen);
}

function paintRing(context: CanvasRenderingContext2D, x: number, y: number, radiusPx: number, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, radiusPx, 0, 2 * Math.PI);
  context.stroke();
}

/** @param words writes a length in kilometres */
export function paintScale(
  context: CanvasRenderingContext2D,
  { kmPerPx }: Projection,
  heightPx: number,
  palette: Palette,
  words: (km: number) => string,
): void {
  const km = scaleBarKm(kmPerPx, SCALE_MOST_PX);
  const [left, bottom, width] = [MARGIN_PX, heightPx - MARGIN_PX, km / kmPerPx];
  context.strokeStyle = context.fillStyle = palette.quietInk;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(left, bottom - 4);
  context.lineTo(left, bottom);
  context.lineTo(left + width, bottom);
  context.lineTo(left + width, bottom - 4);
  context.stroke();
  context.font = `400 ${LABEL_PX}px ${FONT}`;
  context.textBaseline = 'middle';
  context.fillText(words(km), left + width + 8, bottom - 2);
}

const boxAt = (left: number, middle: number, width: number): Box => ({
  ...{ left, right: left + width },
  ...{ top: middle - LABEL_PX * 0.65, bottom: middle + LABEL_PX * 0.65 },
});

const overlap = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
