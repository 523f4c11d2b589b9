import { useState } from 'preact/hooks';
import { api, type ApiResult } from '../../feed/api.js';
import { t } from '../../i18n/index.js';
import { failureSentence } from '../../text/failures.js';
import type { CalendarReport, LineProblem } from './api-types.js';
import { ImportReport } from './ImportReport.js';
import { Modal } from './Modal.js';

interface Tried {
  file: File;
  answer: ApiResult<CalendarReport>;
}

/** An .ics file: first what it would change, then the change. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [tried, setTried] = useState<Tried | null>(null);
  const [isSending, setSending] = useState(false);

  async function send(file: File, dryRun: boolean): Promise<void> {
    setSending(true);
    // what a computer takes an .ics file for depends on the programs that it has
    const body = new Blob([file], { type: 'text/calendar' });
    const answer = await api<CalendarReport>(`/sessions/import?dryRun=${dryRun}`, { method: 'POST', body });
    setSending(false);
    setTried({ file, answer });
  }
  const answer = tried?.answer;
  const report = answer?.kind === 'ok' ? answer.value : null;
  return (
    <Modal title={t('sessionImport.title')} onClose={onClose}>
      <label class="file-field">
        {t('sessionImport.file')}
        <input
          type="file"
          accept=".ics,text/calendar"
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file) void send(file, true);
          }}
        />
      </label>
      <div aria-live="polite">
        {isSending && <p>{t('check.sending')}</p>}
        {answer && answer.kind !== 'ok' && <Problems answer={answer} />}
        {report && <ImportReport report={report} />}
      </div>
      <div class="form-buttons">
        {tried && report?.dryRun && report.created.length + report.changed.length + report.cancelled.length > 0 && (
          <button type="button" class="main-button" disabled={isSending} onClick={() => void send(tried.file, false)}>
            {t('sessionImport.take')}
          </button>
        )}
      </div>
    </Modal>
  );
}

function Problems({ answer }: { answer: Exclude<ApiResult<unknown>, { kind: 'ok' }> }) {
  const errors =
    answer.kind === 'refused' && Array.isArray(answer.problem.errors) ? (answer.problem.errors as LineProblem[]) : [];
  return (
    <div role="alert" class="form-problems">
      <p>{failureSentence(answer)}</p>
      {errors.map(({ line, field, found, allowed }) => (
        <p key={`${line} ${field}`}>{t('sessionImport.problem', { line, field, found, allowed })}</p>
      ))}
    </div>
  );
}
