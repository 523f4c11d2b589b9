import { t } from '../../i18n/index.js';
import { STATES_BEST_FIRST } from '../../state/health.js';
import { stateWord } from '../../text/sentences.js';
import type { InventoryState } from './inventory-state.js';
import { valuesOf } from './rows.js';

const TIERS = ['central', 'province', 'commune', 'ward'] as const;

/** Finds rows: by words with or without diacritics, and by what they have in common. */
export function Filters({ state }: { state: InventoryState }) {
  const same = (values: readonly string[]) => values.map((value) => [value, value] as const);
  return (
    <div class="desk-form" role="search" aria-label={t('inv.find')}>
      <label class="desk-field desk-field-wide">
        {t('inv.search')}
        <input
          type="search"
          value={state.choice.value.query}
          onInput={(event) => state.choose({ query: event.currentTarget.value })}
        />
      </label>
      <Filter state={state} field="area" options={same(valuesOf(state.rows.value, 'area'))} />
      <Filter state={state} field="carrier" options={same(valuesOf(state.rows.value, 'carrier'))} />
      <Filter state={state} field="tier" options={TIERS.map((tier) => [tier, t(`tier.${tier}`)] as const)} />
      <Filter state={state} field="state" options={STATES_BEST_FIRST.map((one) => [one, stateWord(one)] as const)} />
    </div>
  );
}

interface FilterProps {
  state: InventoryState;
  field: 'area' | 'carrier' | 'tier' | 'state';
  options: readonly (readonly [string, string])[];
}

function Filter({ state, field, options }: FilterProps) {
  const choose = (value: string): void => state.choose({ [field]: value });
  return (
    <label class="desk-field">
      {t(`inv.by.${field}`)}
      <select value={state.choice.value[field]} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t('inv.all')}</option>
        {options.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
