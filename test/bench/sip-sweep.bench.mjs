// Every room of a province called once over SIP with sound and picture.
import { callSweep } from './lib/call-sweep.mjs';

export default () => callSweep('sip-call');
