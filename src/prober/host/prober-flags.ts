/**
 * How Node runs the prober. Its collector works in the thread it collects for: helpers of normal priority, put aside on a busy
 * machine, held a media thread of real time in the middle of a collection: paced 0.12-0.3 ms late at p99 instead of 0.3-12 ms.
 * The smaller the heap may become, the sooner it is collected: with the default of 4 GB it grew from 38 to 114 MB before a
 * collection freed all of it, which over half an hour looks like a leak; so it stays at 28 to 48 MB for 3,500 endpoints. The young
 * generation of each thread likewise: at 16 MB it took a quarter of an hour to grow to its size, and RSS by 57 MB/h; at 4 by 6.
 */
export const PROBER_FLAGS: readonly string[] = [
  ...['--enable-source-maps', '--single-threaded-gc', '--max-old-space-size=512', '--max-semi-space-size=4'],
];
