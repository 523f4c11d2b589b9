import { t } from '../../i18n/index.js';
import { operatorName, sayWhoIAm } from './operator-name.js';

/** The name that goes into the audit; remembered by this browser. */
export function WhoField() {
  return (
    <label class="desk-field">
      {t('desk.who')}
      <input
        name="by"
        required
        maxLength={100}
        autocomplete="name"
        value={operatorName}
        onInput={(event) => sayWhoIAm(event.currentTarget.value)}
      />
    </label>
  );
}
