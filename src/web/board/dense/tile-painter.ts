import type { Slot } from '../../state/dense-grid.js';
import type { HealthState } from '../../state/health.js';
import type { Density } from '../../state/layout.js';
import { SHAPE_FIELD, STATE_SHAPES } from '../state-shapes.js';
import type { Look, Palette } from './palette.js';

/** What is seen of one tile: equal faces look alike. */
export interface Face {
  name: string;
  state: HealthState;
  inIncident: boolean;
  isChosen: boolean;
}

export interface TileMeasure {
  fontPx: number;
  signPx: number;
  paddingPx: number;
  radiusPx: number;
}

/** The figures of `tiles.css` for an element of that density. */
export const measureOf = (density: Density): TileMeasure =>
  density === 'micro'
    ? { fontPx: 11, signPx: 8, paddingPx: 4, radiusPx: 3 }
    : { fontPx: 12, signPx: 11, paddingPx: 6, radiusPx: 6 };

const HATCH_PX = 5;
const SIGN_GAP_PX = 3;
const signs = new Map<HealthState, Path2D>();

/** Paints tiles into one context, each within its slot, so that a tile can be painted anew alone. */
export class TilePainter {
  private readonly cutNames = new Map<string, string>();

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly measure: TileMeasure,
    private readonly palette: Palette,
  ) {
    context.textBaseline = 'middle';
    context.lineCap = 'round';
  }

  paint(slot: Slot, face: Face): void {
    const look = this.palette.looks[face.state];
    this.context.clearRect(slot.x, slot.y, slot.width, slot.height);
    this.paintGround(slot, look);
    if (look.edge) this.paintEdge(slot, look.edge.colour, 1, look.edge.isDashed);
    if (face.inIncident) this.paintEdge(slot, this.palette.incident, 2);
    if (face.isChosen) this.paintEdge(slot, this.palette.chosen, 2);
    this.paintSign(slot, face.state, look.sign);
    this.paintName(slot, face.name, look);
  }

  private paintGround(slot: Slot, { ground, hatch }: Look): void {
    if (ground === null) return;
    const { context } = this;
    context.fillStyle = ground;
    this.outline(slot, 0);
    context.fill();
    if (hatch === null) return;
    context.save();
    context.clip();
    context.strokeStyle = hatch;
    context.lineWidth = HATCH_PX;
    context.beginPath();
    for (let x = slot.x - slot.height; x < slot.x + slot.width; x += HATCH_PX * 2 * Math.SQRT2) {
      context.moveTo(x, slot.y + slot.height);
      context.lineTo(x + slot.height, slot.y);
    }
    context.stroke();
    context.restore();
  }

  private paintEdge(slot: Slot, colour: string, widthPx: number, isDashed = false): void {
    const { context } = this;
    context.strokeStyle = colour;
    context.lineWidth = widthPx;
    context.setLineDash(isDashed ? [3, 3] : []);
    this.outline(slot, widthPx / 2);
    context.stroke();
    context.setLineDash([]);
  }

  private outline({ x, y, width, height }: Slot, insetPx: number): void {
    this.context.beginPath();
    this.context.roundRect(x + insetPx, y + insetPx, width - 2 * insetPx, height - 2 * insetPx, this.measure.radiusPx);
  }

  private paintSign(slot: Slot, state: HealthState, colour: string): void {
    const { context, measure } = this;
    const scale = measure.signPx / SHAPE_FIELD;
    const { penWidth } = STATE_SHAPES[state];
    context.save();
    context.translate(
      slot.x + slot.width - measure.paddingPx - measure.signPx,
      slot.y + Math.round((slot.height - measure.signPx) / 2),
    );
    context.scale(scale, scale);
    if (penWidth === undefined) {
      context.fillStyle = colour;
      context.fill(signOf(state));
    } else {
      context.strokeStyle = colour;
      context.lineWidth = penWidth;
      context.stroke(signOf(state));
    }
    context.restore();
  }

  private paintName(slot: Slot, name: string, { ink, weight, isStruck }: Look): void {
    const { context, measure } = this;
    const x = slot.x + measure.paddingPx;
    const y = slot.y + slot.height / 2;
    context.font = `${weight} ${measure.fontPx}px 'Be Vietnam Pro', system-ui, sans-serif`;
    context.fillStyle = ink;
    const text = this.cut(name, slot.width - 2 * measure.paddingPx - measure.signPx - SIGN_GAP_PX, weight);
    context.fillText(text, x, y);
    if (isStruck) context.fillRect(x, Math.round(y), context.measureText(text).width, 1);
  }

  /** Measuring is what costs, not painting: 20 us a name, so each is cut once. */
  private cut(name: string, widthPx: number, weight: number): string {
    const key = `${weight} ${name}`;
    const known = this.cutNames.get(key);
    if (known !== undefined) return known;
    let text = name;
    for (let length = name.length; length > 0 && this.context.measureText(text).width > widthPx; length--) {
      text = `${name.slice(0, length - 1).trimEnd()}…`;
    }
    this.cutNames.set(key, text);
    return text;
  }
}

function signOf(state: HealthState): Path2D {
  const known = signs.get(state) ?? new Path2D(STATE_SHAPES[state].path);
  signs.set(state, known);
  return known;
}
