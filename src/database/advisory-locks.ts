/** Keys of PostgreSQL's advisory locks, all in one place: two purposes with one key would wait for each other. */
export const ADVISORY_LOCKS = {
  /** schema changes at start */
  migration: 7_311_901,
  /** whoever makes or drops partitions: two daemons at start, or the store and the daily job */
  partitions: 7_311_902,
  /**
   * held by whoever packs an hour, shared by whoever writes: a copy of an outcome that comes late must meet its first one either
   * in the table or in the block
   */
  compaction: 7_311_903,
  /** one import of an inventory at a time, whichever daemon makes it */
  inventoryImport: 7_311_904,
  /** held by a core for its whole life: one writes into a database */
  core: 7_311_905,
} as const;
