import { DEFAULT_LIMITS, limitsOf, QUALITY_FIGURES, type QualityLimits, type Thresholds } from '../common/quality.js';
import { SIGNAL_NAMES, type SignalName } from '../common/states.js';
import type { AppConfig } from '../config/app-config.js';
import { DEFAULT_PROFILE } from '../config/profiles-schema.js';
import type { EndpointRecord } from './endpoint-record.js';
import { isMeant } from './exceptions.js';

/** What kind of site an endpoint is: the signals that it needs to be ready, and the limits that its media are held against. */
export interface EndpointProfile {
  name: string;
  needs: readonly SignalName[];
  limits: QualityLimits;
}

export type ProfileSettings = Pick<AppConfig, 'exceptions'> & { health: Pick<AppConfig['health'], 'profiles' | 'thresholds'> };

/** As without any settings. */
export const VIDEO_ROOM: EndpointProfile = { name: DEFAULT_PROFILE, needs: SIGNAL_NAMES, limits: DEFAULT_LIMITS };

/** Every limit of a profile with its source: its own over those of all. */
export function thresholdsOf(name: string, { health }: ProfileSettings): Thresholds {
  const own = health.profiles[name]?.thresholds ?? {};
  const { lossRatio, lostPackets, jitterMs, rttMs, mos } = health.thresholds;
  return {
    lossRatio: own.lossRatio ?? lossRatio,
    lostPackets: own.lostPackets ?? lostPackets,
    jitterMs: own.jitterMs ?? jitterMs,
    rttMs: own.rttMs ?? rttMs,
    mos: own.mos ?? mos,
  };
}

/** @returns the profile of any endpoint: the last exception that is meant for it and names one; otherwise the default */
export function profileReader(settings: ProfileSettings): (endpoint: EndpointRecord) => EndpointProfile {
  const profiles = new Map(
    Object.entries(settings.health.profiles).map(([name, { needs }]) => {
      return [name, { name, needs, limits: limitsOf(thresholdsOf(name, settings)) }];
    }),
  );
  const naming = settings.exceptions.filter(({ profile }) => profile !== undefined);
  return (endpoint) => {
    const name = naming.findLast((exception) => isMeant(exception, endpoint))?.profile;
    return profiles.get(name ?? DEFAULT_PROFILE) ?? VIDEO_ROOM;
  };
}

export const needsPicture = ({ needs }: Pick<EndpointProfile, 'needs'>): boolean =>
  needs.some((name) => name.startsWith('video'));

/** What of the limits a probe has to be told: those that are not its own defaults. */
export const limitsToTell = ({ limits }: EndpointProfile): Partial<QualityLimits> =>
  Object.fromEntries(
    QUALITY_FIGURES.flatMap((figure) => (limits[figure] === DEFAULT_LIMITS[figure] ? [] : [[figure, limits[figure]]])),
  );
