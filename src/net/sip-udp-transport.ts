import { ok } from '../common/result.js';
import type { OpenedSipTransport, SipPath } from './sip-transport.js';
import { openDgramSipUdp } from './sip-udp-dgram.js';
import { openKernelSipUdp } from './sip-udp-kernel.js';

/** SIP over UDP with one peer. Where the better socket cannot be had, the plain one tells what is wrong with the way. */
export async function openSipUdp(path: SipPath): Promise<OpenedSipTransport> {
  const transport = openKernelSipUdp(path);
  return transport ? ok(transport) : openDgramSipUdp(path);
}
