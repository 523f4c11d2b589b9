// Every room of a province called once over H.323 with sound and picture.
import { callSweep } from './lib/call-sweep.mjs';

export default () => callSweep('h323-call');
