import type { IcmpEngine } from './icmp-engine.js';
import { KernelIcmpEngine } from './icmp-kernel-engine.js';
import { PingPackageEngine } from './icmp-ping-package.js';

/** The best engine that this machine allows. `why`: what stands against the better one, and how to get it. */
export function openIcmpEngine(): { engine: IcmpEngine; why?: string } {
  const kernel = KernelIcmpEngine.open();
  return kernel.ok ? { engine: kernel.value } : { engine: new PingPackageEngine(), why: kernel.error };
}
