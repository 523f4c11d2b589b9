/**
 * How Node runs the prober. Its collector works in the thread it collects for: helpers of normal priority, put aside on a busy
 * machine, held a media thread of real time in the middle of a collection: paced 0.12-0.3 ms late at p99 instead of 0.3-12 ms.
 */
export const PROBER_FLAGS: readonly string[] = ['--enable-source-maps', '--single-threaded-gc'];
