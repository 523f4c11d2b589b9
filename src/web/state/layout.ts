/** How closely the tiles stand. From the first that fits the height, so that a wall needs no scrolling. */
export type Density = 'roomy' | 'normal' | 'compact' | 'dense' | 'micro';

export interface Layout {
  density: Density;
  columns: number;
  tileHeightPx: number;
}

interface DensityStep {
  density: Density;
  minWidthPx: number;
  minHeightPx: number;
  maxHeightPx: number;
}

const STEPS: readonly DensityStep[] = [
  { density: 'roomy', minWidthPx: 150, minHeightPx: 60, maxHeightPx: 72 },
  { density: 'normal', minWidthPx: 114, minHeightPx: 46, maxHeightPx: 60 },
  { density: 'compact', minWidthPx: 114, minHeightPx: 38, maxHeightPx: 46 },
  { density: 'dense', minWidthPx: 96, minHeightPx: 24, maxHeightPx: 34 },
  { density: 'dense', minWidthPx: 84, minHeightPx: 22, maxHeightPx: 34 },
  { density: 'micro', minWidthPx: 60, minHeightPx: 18, maxHeightPx: 24 },
];

/** Must equal the figures of tiles.css. */
export const TILE_GAP_PX = 5;
export const GROUP_GAP_PX = 8;
export const HEADING_PX = 24;

/** A handful of sites shall not become a handful of posters. */
const WIDEN_AT_MOST = 0.75;

/**
 * @param groupSizes number of sites of each group
 * @param oneLine only tiles of one line, name and state: those that a dense wall paints
 * @returns the roomiest layout without scrolling, else the closest one
 */
export function chooseLayout(groupSizes: readonly number[], widthPx: number, heightPx: number, oneLine = false): Layout {
  const steps = STEPS.filter(({ density }) => !oneLine || density === 'dense' || density === 'micro');
  const layouts = steps.map((step) => fit(step, groupSizes, widthPx, heightPx));
  const closest = layouts[layouts.length - 1];
  const best = layouts.find((layout) => layout.fits) ?? closest;
  if (!best) throw new Error('STEPS is empty');
  return { density: best.density, columns: best.columns, tileHeightPx: best.tileHeightPx };
}

function fit(step: DensityStep, groupSizes: readonly number[], widthPx: number, heightPx: number): Layout & { fits: boolean } {
  const mostColumns = Math.max(1, Math.floor((widthPx + TILE_GAP_PX) / (step.minWidthPx + TILE_GAP_PX)));
  const columns = fewestColumns(groupSizes, mostColumns);
  const groups = groupSizes.filter((size) => size > 0).length;
  const rowCount = rowsIn(groupSizes, columns);
  const gapsPx = (rowCount - groups) * TILE_GAP_PX + Math.max(0, groups - 1) * GROUP_GAP_PX;
  const availablePx = heightPx - groups * HEADING_PX - gapsPx;
  const tileHeightPx = rowCount ? Math.floor(availablePx / rowCount) : step.maxHeightPx;
  return {
    density: step.density,
    columns,
    tileHeightPx: Math.min(step.maxHeightPx, Math.max(step.minHeightPx, tileHeightPx)),
    fits: tileHeightPx >= step.minHeightPx,
  };
}

/** Fewer columns mean wider tiles: names are read in full. Taken where it costs no row. */
function fewestColumns(groupSizes: readonly number[], mostColumns: number): number {
  const rows = rowsIn(groupSizes, mostColumns);
  let columns = mostColumns;
  while (columns > 1 && columns > mostColumns * WIDEN_AT_MOST && rowsIn(groupSizes, columns - 1) === rows) columns -= 1;
  return columns;
}

const rowsIn = (groupSizes: readonly number[], columns: number): number =>
  groupSizes.reduce((rows, size) => rows + Math.ceil(size / columns), 0);
