import { locale, t } from '../../i18n/index.js';
import type { FieldFault } from './api-types.js';
import { fieldName, fieldRule } from './faults.js';

const SHOWN = 200;

/** Every error of a file: where, what was found, what belongs there, and the server's own words about it. */
export function ImportFaults({ faults }: { faults: readonly FieldFault[] }) {
  return (
    <div class="inv-faults" role="alert">
      <p>
        <b>{t('inv.refusedFile', { n: faults.length })}</b>
      </p>
      <ol>
        {faults.slice(0, SHOWN).map((fault, index) => (
          <li key={index}>
            <b>{fault.line ? t('inv.line', { n: fault.line }) : t('inv.field.file')}</b>
            <span>
              {fieldName(fault.field)}: {t('inv.found', { found: fault.found })}{' '}
              {t('inv.allowed', { rule: fieldRule(fault.field) })}{' '}
              <small lang="en">{locale.value === 'en' ? fault.fix : `${fault.allowed}. ${fault.fix}`}</small>
            </span>
          </li>
        ))}
      </ol>
      {faults.length > SHOWN && <p>{t('inv.moreFaults', { n: faults.length - SHOWN })}</p>}
    </div>
  );
}
