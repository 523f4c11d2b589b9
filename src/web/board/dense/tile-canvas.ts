import { type DenseGrid, extentOf, slotOf } from '../../state/dense-grid.js';
import { currentPalette } from './palette.js';
import { type Face, type TileMeasure, TilePainter } from './tile-painter.js';

/** One canvas of tiles. It paints at the next frame what is new of them, and nothing while nobody can see it. */
export class TileCanvas {
  private faces: readonly Face[] = [];
  private painted: Face[] = [];
  private painter: TilePainter | null = null;
  private isSeen = false;
  private frame = 0;
  private readonly observer: IntersectionObserver;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly grid: DenseGrid,
    private readonly measure: TileMeasure,
  ) {
    this.observer = new IntersectionObserver((entries) => this.seen(entries.some(({ isIntersecting }) => isIntersecting)));
    this.observer.observe(canvas);
  }

  show(faces: readonly Face[]): void {
    this.faces = faces;
    this.request();
  }

  /** Everything again: another theme, or a font that has arrived. */
  repaint(): void {
    this.painter = null;
    this.request();
  }

  close(): void {
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
  }

  private seen(isSeen: boolean): void {
    this.isSeen = isSeen;
    if (isSeen) return this.request();
    // 3,500 tiles at a ratio of 2 would hold 100 MB of pixels that nobody sees
    this.painter = null;
    this.canvas.width = 0;
  }

  private request(): void {
    if (!this.isSeen || this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
    });
  }

  private paint(): void {
    if (!this.isSeen) return;
    const painter = this.painter ?? this.begin();
    this.faces.forEach((face, index) => {
      const before = this.painted[index];
      if (before && alike(before, face)) return;
      painter?.paint(slotOf(this.grid, index), face);
      this.painted[index] = face;
    });
    this.canvas.dataset.painted = String(this.faces.length);
  }

  private begin(): TilePainter | null {
    const { canvas } = this;
    const { width, height } = extentOf(this.grid, this.faces.length);
    const ratio = devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext('2d');
    if (!context) return null;
    context.scale(ratio, ratio);
    this.painted = [];
    return (this.painter = new TilePainter(context, this.measure, currentPalette()));
  }
}

const alike = (a: Face, b: Face): boolean =>
  a.name === b.name && a.state === b.state && a.inIncident === b.inIncident && a.isChosen === b.isChosen;
