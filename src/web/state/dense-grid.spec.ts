import { denseGrid, extentOf, indexAt, slotOf, walk } from './dense-grid.js';
import { TILE_GAP_PX } from './layout.js';

const GRID = denseGrid({ density: 'micro', columns: 20, tileHeightPx: 18 }, 1443);

describe(denseGrid.name, () => {
  it('fills the width with tiles of whole pixels', () => {
    const { width } = extentOf(GRID, 100);
    expect(Number.isInteger(GRID.tileWidthPx)).toBe(true);
    expect(width).toBeLessThanOrEqual(1443);
    expect(width).toBeGreaterThan(1443 - GRID.columns);
  });

  it('is as high as its rows', () => {
    expect(extentOf(GRID, 0).height).toBe(0);
    expect(extentOf(GRID, 20).height).toBe(18);
    expect(extentOf(GRID, 21).height).toBe(2 * 18 + TILE_GAP_PX);
  });
});

describe(indexAt.name, () => {
  it('finds each tile at its corners, and nothing in the gaps', () => {
    for (const index of [0, 19, 20, 57]) {
      const { x, y, width, height } = slotOf(GRID, index);
      expect(indexAt(GRID, 58, x, y)).toBe(index);
      expect(indexAt(GRID, 58, x + width - 1, y + height - 1)).toBe(index);
      expect(indexAt(GRID, 58, x + width, y)).toBeNull();
      expect(indexAt(GRID, 58, x, y + height)).toBeNull();
    }
  });

  it('finds nothing outside, where a row has no more tiles neither', () => {
    const { x, y } = slotOf(GRID, 58);
    expect(indexAt(GRID, 58, x, y)).toBeNull();
    expect(indexAt(GRID, 58, -1, 0)).toBeNull();
    expect(indexAt(GRID, 58, 1460, 0)).toBeNull();
  });
});

describe(walk.name, () => {
  const GROUPS = [['a', 'b', 'c', 'd', 'e'], [], ['f', 'g']];
  it.each([
    ['a', 'ArrowRight', 'b'],
    ['e', 'ArrowRight', 'f'],
    ['f', 'ArrowLeft', 'e'],
    ['a', 'ArrowLeft', undefined],
    ['g', 'ArrowRight', undefined],
    ['b', 'ArrowDown', 'e'],
    ['c', 'ArrowDown', 'e'],
    ['e', 'ArrowDown', 'g'],
    ['g', 'ArrowUp', 'e'],
    ['f', 'ArrowDown', undefined],
    ['b', 'ArrowUp', undefined],
    ['d', 'Home', 'a'],
    ['d', 'End', 'g'],
    ['gone', 'ArrowRight', undefined],
    ['gone', 'ArrowDown', undefined],
  ] as const)('leads from %s by %s to %s', (from, direction, to) => {
    expect(walk(GROUPS, 3, from, direction)).toBe(to);
  });
});
