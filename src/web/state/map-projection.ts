export interface Place {
  lat: number;
  lon: number;
}

export interface MapFrame {
  widthPx: number;
  heightPx: number;
  paddingPx: number;
}

export interface Projection {
  project: (place: Place) => { x: number; y: number };
  /** how many kilometres one CSS pixel is */
  kmPerPx: number;
}

/** Of a degree of latitude; 0.3 % off at most, and nobody measures on this map. */
const KM_PER_DEGREE = 111.2;
/** Places that all lie in one spot shall not be a map of a garden. */
const LEAST_EXTENT_DEGREES = 0.05;

/**
 * North up, as large as the frame allows and centred in it: equirectangular, true to scale at the middle latitude, which is
 * off by less than 3 % over a country of 15 degrees.
 */
export function fitProjection(places: readonly Place[], { widthPx, heightPx, paddingPx }: MapFrame): Projection {
  const lats = rangeOf(places.map(({ lat }) => lat));
  const lons = rangeOf(places.map(({ lon }) => lon));
  const shrink = Math.cos((lats.middle * Math.PI) / 180);
  const pxPerDegree = Math.min(
    Math.max(1, widthPx - 2 * paddingPx) / (lons.extent * shrink),
    Math.max(1, heightPx - 2 * paddingPx) / lats.extent,
  );
  return {
    project: ({ lat, lon }) => ({
      x: widthPx / 2 + (lon - lons.middle) * shrink * pxPerDegree,
      y: heightPx / 2 - (lat - lats.middle) * pxPerDegree,
    }),
    kmPerPx: KM_PER_DEGREE / pxPerDegree,
  };
}

function rangeOf(values: readonly number[]): { middle: number; extent: number } {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (values.length === 0) return { middle: 0, extent: LEAST_EXTENT_DEGREES };
  return { middle: (low + high) / 2, extent: Math.max(LEAST_EXTENT_DEGREES, high - low) };
}

/** @returns the longest round length (1, 2 or 5 times a power of ten) that is no longer than so many pixels */
export function scaleBarKm(kmPerPx: number, mostPx: number): number {
  const mostKm = kmPerPx * mostPx;
  const power = 10 ** Math.floor(Math.log10(mostKm));
  return ([5, 2, 1].find((step) => step * power <= mostKm) ?? 1) * power;
}
