import { formatNumber, t } from '../../i18n/index.js';
import { durationText } from '../desk/duration.js';
import type { SelfReport } from '../../../live/self/self-report.js';

/** Who is told of what, and what waits or was given up. */
export function NoticeReceivers({ notices: { receivers, unstored, dropped } }: Pick<SelfReport, 'notices'>) {
  return (
    <section class="system-wide" aria-labelledby="system-notices">
      <h3 id="system-notices">{t('system.notices')}</h3>
      {unstored + dropped > 0 && <p>{t('system.unstored', { waiting: unstored, dropped })}</p>}
      {receivers.length === 0 ? (
        <p class="desk-note">{t('system.noReceivers')}</p>
      ) : (
        <table class="desk-table">
          <thead>
            <tr>
              <th scope="col">{t('system.receiver')}</th>
              <th scope="col">{t('system.waitingNotices')}</th>
              <th scope="col">{t('system.overdue')}</th>
              <th scope="col">{t('system.sent')}</th>
              <th scope="col">{t('system.failed')}</th>
              <th scope="col">{t('system.dead')}</th>
              <th scope="col">{t('system.lastError')}</th>
            </tr>
          </thead>
          <tbody>
            {receivers.map(({ name, kind, waiting, overdueSeconds, sent, attemptsFailed, dead, lastError }) => (
              <tr key={name}>
                <th scope="row">{`${name} (${kind})`}</th>
                <td>{formatNumber(waiting)}</td>
                <td>{overdueSeconds === null ? '' : durationText(overdueSeconds * 1000)}</td>
                <td>{formatNumber(sent)}</td>
                <td>{formatNumber(attemptsFailed)}</td>
                <td>{formatNumber(dead)}</td>
                <td>{lastError}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** The settings that this core runs with; the server leaves secrets out. */
export function Settings({ settings }: Pick<SelfReport, 'settings'>) {
  return (
    <details class="system-wide">
      <summary>{t('system.settings', { n: settings.length })}</summary>
      <table class="desk-table system-settings">
        <tbody>
          {settings.map(({ name, value }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
