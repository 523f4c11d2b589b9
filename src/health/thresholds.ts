import { QUALITY_FIGURES, QUALITY_UNITS, type QualityFigure } from '../common/quality.js';
import type { SignalName } from '../common/states.js';
import { DEFAULT_PROFILE } from '../config/profiles-schema.js';
import { type ProfileSettings, thresholdsOf } from '../inventory/profiles.js';
import type { EndpointView } from './endpoint-view.js';

/** One profile as `GET /health/thresholds` shows it: by what its sites are judged, and where each figure comes from. */
export interface ProfileView {
  name: string;
  /** of every endpoint that no exception of the settings says anything else of */
  isDefault: boolean;
  needs: readonly SignalName[];
  thresholds: Record<QualityFigure, { value: number; unit: string; source: string }>;
  /** how many endpoints of the inventory are of it */
  endpoints: number;
}

export function profileViews(settings: ProfileSettings, endpoints: readonly Pick<EndpointView, 'profile'>[]): ProfileView[] {
  return Object.entries(settings.health.profiles).map(([name, { needs }]) => {
    const thresholds = thresholdsOf(name, settings);
    const shown = QUALITY_FIGURES.map((figure) => [figure, { unit: QUALITY_UNITS[figure], ...thresholds[figure] }]);
    return {
      name,
      isDefault: name === DEFAULT_PROFILE,
      needs,
      thresholds: Object.fromEntries(shown) as ProfileView['thresholds'],
      endpoints: endpoints.filter(({ profile }) => profile === name).length,
    };
  });
}
