import type { SignalName, SignalState } from '../../state/health.js';
import { SignalIcon } from '../../board/icons.js';
import { formatNumber, t } from '../../i18n/index.js';
import type { Outcome, Stream } from './api-types.js';

/** One of the four signals of a call, in words and figures. */
export function SignalFigure({ name, call }: { name: SignalName; call: Outcome }) {
  const state: SignalState = call.signals?.[name] ?? 'unknown';
  return (
    <li class="site-signal" data-signal={state}>
      <p>
        <SignalIcon name={name} state={state} /> {t(`signal.${name}`)} <b>{t(`signal.${state}`)}</b>
      </p>
      <Figures stream={call.media?.[name]} />
      {name === 'audioIn' && call.mos !== undefined && <p>{t('measure.mos', { value: formatNumber(call.mos) })}</p>}
    </li>
  );
}

function Figures({ stream }: { stream: Stream | undefined }) {
  if (!stream) return <p>{t('sitePage.noFigures')}</p>;
  const { packets, lossRatio, jitterMs, bitrateKbps } = stream;
  const parts = [
    packets !== undefined && t('sitePage.packets', { n: formatNumber(packets) }),
    lossRatio !== undefined && t('measure.loss', { value: formatNumber(lossRatio * 100) }),
    jitterMs !== undefined && t('sitePage.jitter', { value: formatNumber(jitterMs) }),
    bitrateKbps !== undefined && t('sitePage.bitrate', { value: formatNumber(bitrateKbps) }),
  ].filter((part) => part !== false);
  return <p>{parts.length > 0 ? parts.join(' · ') : t('sitePage.noFigures')}</p>;
}
