import { useComputed } from '@preact/signals';
import { useBoard } from '../../board/services.js';
import { t } from '../../i18n/index.js';
import type { FieldsProps, SessionDraft } from './session-draft.js';
import { SitePicker } from './SitePicker.js';

const TIERS = ['central', 'province', 'commune', 'ward'] as const;
type Lists = 'tiers' | 'areas' | 'carriers';

/** Who takes part: everybody, or the union of what is named; who stays away; who must be there. */
export function ParticipantFields({ draft, onChange }: FieldsProps) {
  const { store } = useBoard();
  const areas = useComputed(() => namesOf(store.sites.value.map(({ area }) => area))).value;
  const carriers = useComputed(() => namesOf(store.sites.value.map(({ carrier }) => carrier))).value;
  const pick = (field: 'sites' | 'except' | 'optional' | 'counterparts' | 'mustHave', label: string) => (
    <SitePicker label={label} codes={draft[field]} onChange={(codes) => onChange({ [field]: codes })} />
  );
  return (
    <fieldset class="wide participants">
      <legend>{t('sessionForm.participants')}</legend>
      <label class="tick">
        <input type="radio" name="everybody" checked={draft.everybody} onChange={() => onChange({ everybody: true })} />
        {t('sessionForm.everybody')}
      </label>
      <label class="tick">
        <input type="radio" name="everybody" checked={!draft.everybody} onChange={() => onChange({ everybody: false })} />
        {t('sessionForm.some')}
      </label>
      {!draft.everybody && (
        <div class="some">
          <Ticks
            legend={t('arrange.tier')}
            list="tiers"
            names={TIERS}
            wordOf={(tier) => t(`tier.${tier}`)}
            {...{ draft, onChange }}
          />
          <Ticks legend={t('arrange.area')} list="areas" names={areas} wordOf={(name) => name} {...{ draft, onChange }} />
          <Ticks
            legend={t('arrange.carrier')}
            list="carriers"
            names={carriers}
            wordOf={(name) => name}
            {...{ draft, onChange }}
          />
          {pick('sites', t('sessionForm.sites'))}
        </div>
      )}
      {pick('except', t('sessionForm.except'))}
      {pick('counterparts', t('sessionForm.counterparts'))}
      {pick('mustHave', t('sessionForm.mustHave'))}
      {pick('optional', t('sessionForm.optional'))}
    </fieldset>
  );
}

const collator = new Intl.Collator('vi');
const namesOf = (names: readonly string[]): string[] => [...new Set(names.filter((name) => name !== ''))].sort(collator.compare);

interface TicksProps<Name extends string> extends FieldsProps {
  legend: string;
  list: Lists;
  names: readonly Name[];
  wordOf: (name: Name) => string;
}

function Ticks<Name extends string>({ legend, list, names, wordOf, draft, onChange }: TicksProps<Name>) {
  const chosen: SessionDraft[Lists] = draft[list];
  const toggle = (name: string): string[] =>
    chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name];
  return (
    <div role="group" aria-label={legend} class="ticks">
      <span>{legend}</span>
      {names.map((name) => (
        <label key={name} class="tick">
          <input type="checkbox" checked={chosen.includes(name)} onChange={() => onChange({ [list]: toggle(name) })} />
          {wordOf(name)}
        </label>
      ))}
    </div>
  );
}
