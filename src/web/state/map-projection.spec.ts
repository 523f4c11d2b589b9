import { fitProjection, scaleBarKm } from './map-projection.js';

const FRAME = { widthPx: 500, heightPx: 800, paddingPx: 20 };
const VIET_TRI = { lat: 21.32, lon: 105.4 };
const HOA_BINH = { lat: 20.82, lon: 105.34 };
const VINH_YEN = { lat: 21.31, lon: 105.6 };

describe(fitProjection.name, () => {
  it('keeps every place within the frame, north up and east to the right', () => {
    const { project } = fitProjection([VIET_TRI, HOA_BINH, VINH_YEN], FRAME);
    for (const { x, y } of [VIET_TRI, HOA_BINH, VINH_YEN].map(project)) {
      expect(x).toBeGreaterThanOrEqual(FRAME.paddingPx);
      expect(x).toBeLessThanOrEqual(FRAME.widthPx - FRAME.paddingPx);
      expect(y).toBeGreaterThanOrEqual(FRAME.paddingPx - 1e-9);
      expect(y).toBeLessThanOrEqual(FRAME.heightPx - FRAME.paddingPx + 1e-9);
    }
    expect(project(VIET_TRI).y).toBeLessThan(project(HOA_BINH).y);
    expect(project(VINH_YEN).x).toBeGreaterThan(project(VIET_TRI).x);
  });

  it('is true to scale: Việt Trì to Hòa Bình is 56 km', () => {
    const { project, kmPerPx } = fitProjection([VIET_TRI, HOA_BINH], FRAME);
    const [a, b] = [project(VIET_TRI), project(HOA_BINH)];
    expect(Math.hypot(a.x - b.x, a.y - b.y) * kmPerPx).toBeCloseTo(56, 0);
  });

  it('centres a single place, and has an answer for none and for a frame without room', () => {
    expect(fitProjection([VIET_TRI], FRAME).project(VIET_TRI)).toEqual({ x: 250, y: 400 });
    expect(Number.isFinite(fitProjection([], FRAME).kmPerPx)).toBe(true);
    const { x, y } = fitProjection([VIET_TRI, HOA_BINH], { widthPx: 0, heightPx: 0, paddingPx: 20 }).project(VIET_TRI);
    expect(Number.isFinite(x + y)).toBe(true);
  });
});

describe(scaleBarKm.name, () => {
  it.each([
    [0.1, 100, 10],
    [0.1, 99, 5],
    [0.024, 100, 2],
    [3, 100, 200],
    [0.0012, 100, 0.1],
  ])('at %d km a pixel fits into %d px: %d km', (kmPerPx, mostPx, km) => {
    expect(scaleBarKm(kmPerPx, mostPx)).toBeCloseTo(km, 6);
  });
});
