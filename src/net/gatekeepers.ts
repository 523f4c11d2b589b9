import { createSocket, type Socket } from 'node:dgram';
import type { Scheduler } from '../common/clock.js';
import type { RandomSource } from '../common/random.js';
import { RasClient } from '../protocols/h323/ras/ras-client.js';
import type { RasLimits } from '../protocols/h323/ras/ras-requests.js';
import type { Admission, AdmissionWish } from '../protocols/h323/ras/ras-types.js';
import { errorCode } from './socket-failure.js';

/** A gatekeeper that a site's calls go by, and who we are there. */
export interface GatekeeperSettings {
  /** IPv4 */
  address: string;
  port: number;
  /** our own name at it: a name, or digits */
  alias: string;
  /** our own address to it, where the machine has several */
  source?: string;
}

export const RAS_PORT = 1719;
const CALL_SIGNAL_PORT = 1720;
/** A registration that outlives a killed process for no longer than this. */
const TIME_TO_LIVE_S = 120;
/** Shorter than those of the standard, which are for people: a probe that waits 15 s for each step holds its place. */
const LIMITS: RasLimits = {
  discovery: { waitMs: 2000, sends: 2 },
  registration: { waitMs: 2000, sends: 2 },
  admission: { waitMs: 3000, sends: 2 },
  disengage: { waitMs: 2000, sends: 2 },
  unregistration: { waitMs: 2000, sends: 1 },
};

/** From the wish to its answer, where a registration has to be made first. */
export const ADMISSION_MOST_MS = [LIMITS.discovery, LIMITS.registration, LIMITS.admission].reduce(
  (sum, { waitMs, sends }) => sum + waitMs * sends,
  0,
);

/**
 * The registrations of one process: one for each gatekeeper and name, made with the first call that needs it, kept alive, and
 * taken back when the process ends.
 */
export class Gatekeepers {
  private readonly open = new Map<string, Promise<Gatekeeper | undefined>>();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly random: RandomSource,
  ) {}

  async admit(settings: GatekeeperSettings, wish: AdmissionWish): Promise<Admission> {
    const key = `${settings.address}:${settings.port} ${settings.alias} ${settings.source ?? ''}`;
    const opening = this.open.get(key) ?? Gatekeeper.open(settings, this.scheduler, this.random);
    this.open.set(key, opening);
    const gatekeeper = await opening;
    if (gatekeeper) return gatekeeper.admit(wish);
    // no way to it now may be one with the next call
    this.open.delete(key);
    return { kind: 'no-answer', step: 'discovery' };
  }

  /** URQ to each. */
  async close(): Promise<void> {
    const opened = await Promise.all(this.open.values());
    this.open.clear();
    for (const gatekeeper of opened) await gatekeeper?.close();
  }
}

/** One registration over a socket of its own, which hears nobody but the gatekeeper. */
class Gatekeeper {
  private readonly client: RasClient;

  private constructor(
    private readonly socket: Socket,
    { alias }: GatekeeperSettings,
    scheduler: Scheduler,
    random: RandomSource,
  ) {
    const { address, port } = socket.address();
    const config = {
      callSignal: { address, port: CALL_SIGNAL_PORT },
      ras: { address, port },
      alias,
      timeToLiveS: TIME_TO_LIVE_S,
    };
    const send = (octets: Uint8Array): void => socket.send(octets, (error) => this.failed(error));
    this.client = new RasClient(config, { scheduler, random, send, limits: LIMITS });
    socket.on('message', (octets) => this.client.receive(octets));
    socket.on('error', (error) => this.failed(error));
  }

  /** undefined: there is no way to the gatekeeper from here. */
  static open(settings: GatekeeperSettings, scheduler: Scheduler, random: RandomSource): Promise<Gatekeeper | undefined> {
    const socket = createSocket('udp4');
    return new Promise((resolve) => {
      const failed = (): void => {
        socket.close();
        resolve(undefined);
      };
      socket.once('error', failed);
      socket.bind({ address: settings.source, port: 0, exclusive: true }, () => {
        socket.connect(settings.port, settings.address, (error?: Error) => {
          socket.removeListener('error', failed);
          if (error) failed();
          else resolve(new Gatekeeper(socket, settings, scheduler, random));
        });
      });
    });
  }

  admit(wish: AdmissionWish): Promise<Admission> {
    return new Promise((resolve) => this.client.admit(wish, resolve));
  }

  /** Resolves when the URQ is on its way. */
  close(): Promise<void> {
    this.client.close();
    // a datagram that was handed over before goes out before: this one is queued behind it
    return new Promise((resolve) => setImmediate(() => this.socket.close(() => resolve())));
  }

  private failed(error: Error | null): void {
    if (error && errorCode(error) === 'ECONNREFUSED') this.client.unreachable();
  }
}
