import ping from 'ping';
import type { IcmpBurst, IcmpEngine, IcmpFacts } from './icmp-engine.js';
import { readPingOutput } from './icmp-ping-output.js';

type RunPing = typeof ping.promise.probe;

/**
 * Echo requests by the `ping` program, through the npm package of that name. It is the engine for machines where we may not
 * open a socket of our own: its times are user-clocked, and every burst costs a process.
 */
export class PingPackageEngine implements IcmpEngine {
  readonly name = 'ping-package';
  readonly clock = 'user';

  constructor(private readonly run: RunPing = (address, config) => ping.promise.probe(address, config)) {}

  async burst(request: IcmpBurst): Promise<IcmpFacts> {
    if (request.signal?.aborted) return failed('aborted', 'stopped before it began');
    let stop = (): void => undefined;
    const stopped = new Promise<IcmpFacts>((resolve) => {
      stop = () => resolve(failed('aborted', 'stopped while waiting for replies'));
    });
    request.signal?.addEventListener('abort', stop);
    try {
      // the package hands out no handle of its process: the answer is given at once and the program runs out on its own
      return await Promise.race([this.observe(request), stopped]);
    } finally {
      request.signal?.removeEventListener('abort', stop);
    }
  }

  /** The program ends by itself after its last request; there is nothing to close. */
  close(): void {}

  private async observe(request: IcmpBurst): Promise<IcmpFacts> {
    try {
      const response = await this.run(request.address, {
        numeric: true,
        min_reply: request.count,
        timeout: Math.max(1, Math.ceil(request.timeoutMs / 1000)),
        packetSize: request.payloadBytes,
        sourceAddr: request.source ?? '',
        extra: ['-i', (request.spacingMs / 1000).toFixed(3)],
      });
      return readPingOutput(response.output, request.count);
    } catch (error) {
      return failed('unavailable-here', error instanceof Error ? error.message : String(error));
    }
  }
}

const failed = (code: 'aborted' | 'unavailable-here', message: string): IcmpFacts => ({
  sent: 0,
  rttMs: [],
  clock: 'user',
  failure: { code, message },
});
