import { t } from '../../i18n/index.js';
import { leadTime } from '../../text/lead-time.js';
import { OFFERED_CHECKPOINTS, withCheckpoint } from './session-draft.js';

/** When to test before the start: the usual moments, and whatever else the session has already. */
export function CheckpointChoice({ chosen, onChange }: { chosen: readonly string[]; onChange: (checkpoints: string[]) => void }) {
  const offered = chosen.filter((one) => !OFFERED_CHECKPOINTS.includes(one)).reduce(withCheckpoint, [...OFFERED_CHECKPOINTS]);
  return (
    <fieldset class="wide">
      <legend>{t('sessionForm.checkpoints')}</legend>
      {offered.map((one) => (
        <label key={one} class="tick">
          <input type="checkbox" checked={chosen.includes(one)} onChange={() => onChange(withCheckpoint(chosen, one))} />
          {t('sessionPage.before', { time: leadTime(one) })}
        </label>
      ))}
    </fieldset>
  );
}
