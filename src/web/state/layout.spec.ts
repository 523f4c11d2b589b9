import { chooseLayout, GROUP_GAP_PX, HEADING_PX, TILE_GAP_PX, type Layout } from './layout.js';

const PROVINCE = [2, 66, 36, 46];
/** what a wall of 1920 by 1080 leaves for the tiles, with two notices on top */
const WIDTH = 1460;
const HEIGHT = 890;

function heightOf(sizes: number[], { columns, tileHeightPx }: Layout): number {
  const groups = sizes.map((size) => {
    const rows = Math.ceil(size / columns);
    return HEADING_PX + rows * tileHeightPx + (rows - 1) * TILE_GAP_PX;
  });
  return groups.reduce((sum, height) => sum + height, 0) + (groups.length - 1) * GROUP_GAP_PX;
}

describe(chooseLayout.name, () => {
  it('shows 150 sites with their signals on a wall without scrolling', () => {
    const layout = chooseLayout(PROVINCE, WIDTH, HEIGHT);
    expect(layout.density).toBe('normal');
    expect(heightOf(PROVINCE, layout)).toBeLessThanOrEqual(HEIGHT);
  });

  it.each([40, 150, 300, 600])('fits %i sites, closer the more there are', (count) => {
    const layout = chooseLayout([count], WIDTH, HEIGHT);
    expect(heightOf([count], layout)).toBeLessThanOrEqual(HEIGHT);
  });

  it('grows denser with the number of sites and stops at the densest', () => {
    const densities = [40, 150, 210, 400, 3500].map((count) => chooseLayout([count], WIDTH, HEIGHT).density);
    expect(densities).toEqual(['roomy', 'normal', 'compact', 'dense', 'micro']);
  });

  it('has something to draw before anything was measured', () => {
    expect(chooseLayout([], 0, 0).columns).toBe(1);
  });
});
