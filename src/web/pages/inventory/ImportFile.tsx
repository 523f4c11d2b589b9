import { useState } from 'preact/hooks';
import { api, type ApiResult } from '../../feed/api.js';
import { t } from '../../i18n/index.js';
import { AnswerNote } from '../desk/AnswerNote.js';
import type { ImportReport } from './api-types.js';
import { faultsOf } from './faults.js';
import { ImportDiff } from './ImportDiff.js';
import { ImportFaults } from './ImportFaults.js';

const CSV = 'text/csv';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A file becomes the inventory in two steps: what it would change, or every error with its line; then, when a person says so, the change. */
export function ImportFile({ onImported }: { onImported: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [answer, setAnswer] = useState<ApiResult<ImportReport> | null>(null);
  const [isWorking, setWorking] = useState(false);

  const send = async (chosen: File, dryRun: boolean): Promise<void> => {
    setWorking(true);
    const result = await api<ImportReport>(`/inventory/import?dryRun=${dryRun}`, { method: 'POST', body: typed(chosen) });
    setWorking(false);
    setAnswer(result);
    if (result.kind === 'ok' && !dryRun) onImported();
  };
  const choose = (chosen: File | null): void => {
    setFile(chosen);
    setAnswer(null);
    if (chosen) void send(chosen, true);
  };
  const faults = faultsOf(answer);
  const report = answer?.kind === 'ok' ? answer.value : null;

  return (
    <section aria-labelledby="inv-import">
      <h3 id="inv-import" class="desk-heading">
        {t('inv.import')}
      </h3>
      <label class="desk-field">
        {t('inv.importFile')}
        <input
          type="file"
          accept={`.csv,.xlsx,${CSV},${XLSX}`}
          onChange={(event) => choose(event.currentTarget.files?.[0] ?? null)}
          onClick={(event) => (event.currentTarget.value = '')}
        />
      </label>
      <p class="desk-note">{t('inv.importMeans')}</p>
      <div role="status">{isWorking && t('inv.reading')}</div>
      {faults.length > 0 ? <ImportFaults faults={faults} /> : answer && <AnswerNote answer={answer} />}
      {report && <ImportDiff report={report} />}
      {file && report?.dryRun && (
        <button type="button" class="main-button" disabled={isWorking} onClick={() => void send(file, false)}>
          {t('inv.apply', { file: file.name })}
        </button>
      )}
    </section>
  );
}

/** Computers without a spreadsheet program do not know what a .csv is, and those with one say that it is theirs. */
const typed = (file: File): Blob => file.slice(0, file.size, /\.xlsx$/i.test(file.name) ? XLSX : CSV);
