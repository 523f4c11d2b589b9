import type { IncidentView } from '../../../live/feed-events.js';
import { t } from '../../i18n/index.js';

/** Colour, shape and word: how soon somebody has to look. */
const SHAPES: Record<IncidentView['severity'], string> = {
  critical: 'M2 2h10v10H2z',
  major: 'M3 3l8 8M11 3l-8 8',
  minor: 'M7 2l6 10H1z',
  info: 'M2 7h10',
};

export function SeverityMark({ severity }: { severity: IncidentView['severity'] }) {
  return (
    <span class="severity" data-severity={severity}>
      <svg viewBox="0 0 14 14" aria-hidden="true">
        <path d={SHAPES[severity]} />
      </svg>
      {t(`incident.severity.${severity}`)}
    </span>
  );
}
