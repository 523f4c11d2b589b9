import { type Layout, TILE_GAP_PX } from './layout.js';

/** From so many sites on the tiles are painted instead of being elements: 3,500 buttons took 140 ms of a frame to paint. */
export const DENSE_ABOVE_SITES = 600;

/** Tiles of one group in rows, in CSS pixels. Whole numbers, so that no edge is blurred. */
export interface DenseGrid {
  columns: number;
  tileWidthPx: number;
  tileHeightPx: number;
}

export interface Slot {
  x: number;
  y: number;
  width: number;
  height: number;
}

export function denseGrid({ columns, tileHeightPx }: Layout, widthPx: number): DenseGrid {
  const tileWidthPx = Math.max(1, Math.floor((widthPx + TILE_GAP_PX) / columns) - TILE_GAP_PX);
  return { columns, tileWidthPx, tileHeightPx };
}

export function slotOf({ columns, tileWidthPx, tileHeightPx }: DenseGrid, index: number): Slot {
  const x = (index % columns) * (tileWidthPx + TILE_GAP_PX);
  const y = Math.floor(index / columns) * (tileHeightPx + TILE_GAP_PX);
  return { x, y, width: tileWidthPx, height: tileHeightPx };
}

/** @returns the size of so many tiles together, without a gap after the last */
export function extentOf(grid: DenseGrid, count: number): { width: number; height: number } {
  const rows = Math.ceil(count / grid.columns);
  const width = grid.columns * (grid.tileWidthPx + TILE_GAP_PX) - TILE_GAP_PX;
  return { width, height: Math.max(0, rows * (grid.tileHeightPx + TILE_GAP_PX) - TILE_GAP_PX) };
}

/** @returns which of `count` tiles lies under a point; null between them and beyond the last */
export function indexAt(grid: DenseGrid, count: number, x: number, y: number): number | null {
  const column = Math.floor(x / (grid.tileWidthPx + TILE_GAP_PX));
  const row = Math.floor(y / (grid.tileHeightPx + TILE_GAP_PX));
  const index = row * grid.columns + column;
  if (x < 0 || y < 0 || column >= grid.columns || index >= count) return null;
  const slot = slotOf(grid, index);
  return x < slot.x + slot.width && y < slot.y + slot.height ? index : null;
}

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End';

/**
 * Where an arrow key leads, as the eye would go, also from one group into the next.
 * @param groups codes of the tiles of each group, in their order
 * @returns undefined at an edge, or where `from` is on no tile
 */
export function walk(
  groups: readonly (readonly string[])[],
  columns: number,
  from: string,
  direction: Direction,
): string | undefined {
  const filled = groups.filter((group) => group.length > 0);
  const all = filled.flat();
  switch (direction) {
    case 'Home':
      return all[0];
    case 'End':
      return all[all.length - 1];
    case 'ArrowLeft':
      return all[all.indexOf(from) - 1];
    case 'ArrowRight':
      return all.includes(from) ? all[all.indexOf(from) + 1] : undefined;
    default:
      return nextRow(filled, columns, from, direction === 'ArrowDown' ? 1 : -1);
  }
}

function nextRow(groups: readonly (readonly string[])[], columns: number, from: string, step: 1 | -1): string | undefined {
  const rows = groups.flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / columns) }, (_, row) => group.slice(row * columns, (row + 1) * columns)),
  );
  const here = rows.findIndex((row) => row.includes(from));
  const next = here < 0 ? undefined : rows[here + step];
  return next?.[Math.min(rows[here]?.indexOf(from) ?? 0, next.length - 1)];
}
