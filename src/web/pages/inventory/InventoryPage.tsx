import { useEffect, useMemo } from 'preact/hooks';
import { useBoard } from '../../board/services.js';
import { t } from '../../i18n/index.js';
import '../../styles/desk.css';
import '../../styles/inventory.css';
import { AnswerNote } from '../desk/AnswerNote.js';
import { useRemote } from '../desk/use-remote.js';
import type { InventoryList } from './api-types.js';
import { BulkPause } from './BulkPause.js';
import { EndpointTable } from './EndpointTable.js';
import { Filters } from './Filters.js';
import { ImportFile } from './ImportFile.js';
import { InventoryState } from './inventory-state.js';
import { MaintenanceList } from './MaintenanceList.js';
import { Pager } from './Pager.js';

/** Everything the inventory knows: found, corrected in its row, paused, or replaced by a file. */
export function InventoryPage() {
  const { store } = useBoard();
  const state = useMemo(() => new InventoryState(store), [store]);
  const { answer, value, reload } = useRemote<InventoryList>('/inventory');
  useEffect(() => {
    if (value) state.receive(value.items);
  }, [value]);
  return (
    <div class="inventory-page">
      <h2 class="desk-title">{t('inv.title')}</h2>
      {value?.file != null && <p class="inv-file">{t('inv.fileWins', { file: value.file })}</p>}
      <AnswerNote answer={answer} />
      <section aria-label={t('inv.endpoints')}>
        <Filters state={state} />
        <BulkPause state={state} />
        <EndpointTable state={state} onSaved={reload} />
        <Pager state={state} />
      </section>
      <ImportFile onImported={reload} />
      <MaintenanceList rows={state.rows} />
    </div>
  );
}
