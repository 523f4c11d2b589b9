import { useBoard } from '../../board/services.js';
import { t } from '../../i18n/index.js';
import { momentOf } from '../../text/time.js';
import type { CalendarReport, ReportLine } from './api-types.js';
import { FieldChangeList } from './FieldChangeList.js';

const GROUPS = ['created', 'changed', 'cancelled', 'kept'] as const;

/** What a file does, or would do, to the sessions there are. */
export function ImportReport({ report }: { report: CalendarReport }) {
  return (
    <div class="import-report">
      <p>
        <b>{report.dryRun ? t('sessionImport.wouldDo') : t('sessionImport.done')}</b>{' '}
        {t('sessionImport.rest', { unchanged: report.unchanged, ignored: report.ignored.length })}
      </p>
      {GROUPS.filter((group) => report[group].length > 0).map((group) => (
        <section key={group} data-group={group}>
          <h3>{t(`sessionImport.group.${group}`, { n: report[group].length })}</h3>
          <ul>
            {report[group].map((line) => (
              <Line key={line.id} line={line} why={'why' in line ? line.why : ''} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Line({ line, why }: { line: ReportLine; why: string }) {
  const { clock } = useBoard();
  return (
    <li>
      <b>{line.title}</b> {momentOf(Date.parse(line.startsAt), clock.nowMs.peek())} {why}
      <FieldChangeList fields={line.fields ?? {}} />
    </li>
  );
}
