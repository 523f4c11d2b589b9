import { SIGNAL_NAMES, SIGNAL_STATES, type Signals } from '../common/states.js';

/** Two bits a signal, in the order of SIGNAL_NAMES from the lowest: four signals in one smallint. Stored: never reorder. */
const BITS = 2;
const MASK = (1 << BITS) - 1;

export const packSignals = (signals: Signals): number =>
  SIGNAL_NAMES.reduce((code, name, index) => code | (SIGNAL_STATES.indexOf(signals[name]) << (index * BITS)), 0);

export const unpackSignals = (code: number): Signals =>
  Object.fromEntries(SIGNAL_NAMES.map((name, index) => [name, SIGNAL_STATES[(code >> (index * BITS)) & MASK]])) as Signals;
