export const LOGGER = Symbol('LOGGER');
/** true while the daemon watches the lab */
export const SIMULATED = Symbol('SIMULATED');
