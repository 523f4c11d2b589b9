/** @returns that many addresses of 127/8, none of which anybody else uses */
export const loopbackAddresses = (count, second = 60) =>
  Array.from({ length: count }, (_, i) => `127.${second}.${(i / 250) | 0}.${1 + (i % 250)}`);

/** Runs `one` for every item, so many at a time. */
export async function inFlight(items, most, one) {
  let next = 0;
  const worker = async () => {
    while (next < items.length) await one(items[next++]);
  };
  await Promise.all(Array.from({ length: most }, worker));
}
