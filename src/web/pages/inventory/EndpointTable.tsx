import { StateIcon } from '../../board/icons.js';
import { t } from '../../i18n/index.js';
import { stateWord } from '../../text/sentences.js';
import { minuteText } from '../desk/moment.js';
import { Link } from '../Link.js';
import { EditRow } from './EditRow.js';
import type { InventoryState } from './inventory-state.js';
import type { Row, Sort } from './rows.js';

const COLUMNS: readonly Sort[] = ['siteName', 'siteCode', 'tier', 'area', 'carrier', 'address', 'state'];
const WIDTH = COLUMNS.length + 3;

interface TableProps {
  state: InventoryState;
  onSaved: () => void;
}

export function EndpointTable({ state, onSaved }: TableProps) {
  const { shown, editing } = state;
  return (
    <div class="inv-table" role="region" aria-label={t('inv.table')} tabIndex={0}>
      <table class="desk-table">
        <thead>
          <tr>
            <td>
              <TickAll state={state} />
            </td>
            {COLUMNS.map((column) => (
              <SortHead key={column} state={state} column={column} />
            ))}
            <th scope="col">{t('inv.contact')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {shown.value.map((row) =>
            editing.value === row.record.id ? (
              <EditRow key={`${row.record.id} edit`} id={row.record.id} state={state} width={WIDTH} onSaved={onSaved} />
            ) : (
              <EndpointRow key={row.record.id} state={state} row={row} />
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

function TickAll({ state }: { state: InventoryState }) {
  const ids = state.chosen.value.map(({ record }) => record.id);
  const isTicked = ids.length > 0 && ids.every((id) => state.ticked.value.has(id));
  return (
    <input
      type="checkbox"
      aria-label={t('inv.tickAll', { n: ids.length })}
      checked={isTicked}
      onChange={(event) => state.tick(ids, event.currentTarget.checked)}
    />
  );
}

function SortHead({ state, column }: { state: InventoryState; column: Sort }) {
  const { sort, descending } = state.choice.value;
  const isSorted = sort === column;
  return (
    <th scope="col" aria-sort={isSorted ? (descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" class="inv-sort" onClick={() => state.choose({ sort: column, descending: isSorted && !descending })}>
        {t(`inv.sort.${column}`)} <span aria-hidden="true">{isSorted ? (descending ? '▾' : '▴') : ''}</span>
      </button>
    </th>
  );
}

function EndpointRow({ state, row: { record, view: live } }: { state: InventoryState; row: Row }) {
  const view = live?.value;
  const { id, siteName, siteCode, tier, area, carrier, address, ordinal, contactName, contactPhone } = record;
  const name = ordinal === 1 ? siteName : t('inv.backup', { site: siteName, n: ordinal - 1 });
  return (
    <tr data-state={view?.state}>
      <td>
        <input
          type="checkbox"
          aria-label={t('inv.tick', { name })}
          checked={state.ticked.value.has(id)}
          onChange={(event) => state.tick([id], event.currentTarget.checked)}
        />
      </td>
      <th scope="row">
        <Link to={{ page: 'site', code: siteCode }}>{name}</Link>
      </th>
      <td>{siteCode}</td>
      <td>{t(`tier.${tier}`)}</td>
      <td>{area}</td>
      <td>{carrier}</td>
      <td>{address}</td>
      <td class="inv-state">
        {view && <StateIcon state={view.state} />} {view ? stateWord(view.state) : t('inv.noState')}
        {view?.maintenance && <small>{t('inv.pausedUntil', { time: minuteText(view.maintenance.until) })}</small>}
      </td>
      <td>
        {contactName} {contactPhone}
      </td>
      <td>
        <button
          type="button"
          class="quiet-button"
          aria-label={t('inv.editOf', { name })}
          onClick={() => (state.editing.value = id)}
        >
          {t('inv.edit')}
        </button>
      </td>
    </tr>
  );
}
