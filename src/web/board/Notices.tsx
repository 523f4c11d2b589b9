import { useComputed } from '@preact/signals';
import { type MessageKey, t } from '../i18n/index.js';
import { timeOfDay } from '../text/time.js';
import { useBoard } from './services.js';

/** What everybody has to know before reading anything else on the page. */
export function Notices() {
  return (
    <section class="notices" aria-label={t('page.notices')}>
      <StaleNotice />
      <SimulatedBanner />
      <MonitorStrip />
    </section>
  );
}

function StaleNotice() {
  const { clock, connection } = useBoard();
  const notice = useComputed(() => {
    const freshness = clock.freshness.value;
    if (freshness.kind !== 'stale') return null;
    if (freshness.sinceMs === null) return t('stale.never');
    return t('stale.since', { time: timeOfDay(clock.nowMs.value - freshness.sinceMs) });
  });
  const refusal = connection.refusal.value;
  return (
    <div role="alert">
      {notice.value !== null && (
        <p class="notice notice-stale">
          <b>{notice}</b> <span>{refusal === null ? t('stale.meaning') : t('stale.refused', { detail: refusal })}</span>
        </p>
      )}
    </div>
  );
}

function SimulatedBanner() {
  const { store } = useBoard();
  if (!store.monitor.value?.simulated) return null;
  return (
    <p class="notice notice-simulated" role="note">
      <b>{t('banner.simulated')}</b> <span>{t('banner.simulatedMeans')}</span>
    </p>
  );
}

function MonitorStrip() {
  const monitor = useBoard().store.monitor.value;
  const troubles: MessageKey[] = [];
  if (monitor && monitor.prober !== 'up') troubles.push(`monitor.prober.${monitor.prober}`);
  if (monitor && monitor.database !== 'up') troubles.push(`monitor.database.${monitor.database}`);
  if (monitor?.stop) troubles.push(`monitor.stop.${monitor.stop.level}`);
  return (
    <div role="status">
      {troubles.map((key) => (
        <p key={key} class="notice notice-monitor">
          {t(key)}
        </p>
      ))}
    </div>
  );
}
