import { formatNumber, t } from '../../i18n/index.js';
import { type InventoryState, ROWS_PER_PAGE } from './inventory-state.js';

/** A hundred rows at a time: drawing 3,500 takes a second, and nobody reads them. */
export function Pager({ state }: { state: InventoryState }) {
  const { pages, chosen } = state;
  const page = Math.min(state.page.value, pages.value - 1);
  const first = page * ROWS_PER_PAGE;
  const total = chosen.value.length;
  return (
    <nav class="inv-pager" aria-label={t('inv.pages')}>
      <button type="button" class="quiet-button" disabled={page === 0} onClick={() => (state.page.value = page - 1)}>
        {t('inv.previous')}
      </button>
      <span role="status">
        {t('inv.range', {
          from: formatNumber(total === 0 ? 0 : first + 1),
          to: formatNumber(Math.min(total, first + ROWS_PER_PAGE)),
          total: formatNumber(total),
        })}
      </span>
      <button type="button" class="quiet-button" disabled={page >= pages.value - 1} onClick={() => (state.page.value = page + 1)}>
        {t('inv.next')}
      </button>
    </nav>
  );
}
