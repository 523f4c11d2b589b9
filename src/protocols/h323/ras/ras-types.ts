/**
 * What a client of a gatekeeper is told and what it tells: the seam between `RasClient`, which is pure, and whoever owns its
 * socket and its calls.
 */
import type { Place } from '../media-codecs.js';

export interface RasConfig {
  /** where we take calls and RAS, as the gatekeeper is told; we answer to no call */
  callSignal: Place;
  ras: Place;
  /** our own name at the gatekeeper: a name, or digits */
  alias: string;
  /** asked for; what the gatekeeper grants is kept to */
  timeToLiveS: number;
}

/** A call that the gatekeeper is asked for. */
export interface AdmissionWish {
  /** whom we want: a name, or digits */
  alias: string;
  callReference: number;
  callIdentifier: Uint8Array;
  conferenceID: Uint8Array;
  /** of both directions together */
  bandwidthKbps: number;
}

export type RasStep = 'discovery' | 'registration' | 'admission';

export type Admission =
  | {
      kind: 'admitted';
      /** where SETUP goes: to the endpoint itself, or to the gatekeeper where that routes its calls */
      target: Place;
      model: 'direct' | 'gatekeeperRouted';
      /** DRQ: the call is over. Once. */
      release: () => void;
    }
  /** @property reason its name in H.225.0 */
  | { kind: 'refused'; step: RasStep; reason: string }
  | { kind: 'no-answer'; step: RasStep }
  /** the client was closed meanwhile */
  | { kind: 'closed' };

export type RasState = 'idle' | 'discovering' | 'registering' | 'registered' | 'closed';
