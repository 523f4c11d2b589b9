/** Token of the `pg.Pool` that the results use. */
export const PG_POOL = Symbol('PG_POOL');
