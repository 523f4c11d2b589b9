import { needsSoundAlone } from '../../common/operator-words.js';
import type { EndpointView } from '../../live/feed-events.js';
import { formatNumber, t } from '../i18n/index.js';
import type { HealthState, SignalName } from '../state/health.js';
import type { SiteModel } from '../state/site-model.js';
import type { StateChange } from '../state/state-changes.js';
import { momentOf, roughAge } from './time.js';

/** product.md: loss below 1 % is good, a round trip of up to 300 ms too, MOS from 3.6 on. Only what is worse is worth a word. */
const NOTABLE_LOSS_RATIO = 0.01;
const NOTABLE_RTT_MS = 300;
const NOTABLE_MOS = 3.6;

/** A call test older than this is mentioned even on a ready tile: the routine calls every 15 minutes. */
const OLD_CALL_MS = 20 * 60_000;

/** Order on the tile: what comes from the site, then what goes to it. */
export const SIGNAL_ORDER: readonly SignalName[] = ['videoIn', 'audioIn', 'videoOut', 'audioOut'];

/** Those of a site's signals that its profile asks for: nobody misses the picture of a room that meets by sound. */
export const neededSignals = (needs: readonly SignalName[]): SignalName[] => SIGNAL_ORDER.filter((name) => needs.includes(name));

/** Reasons that are about signals: which ones are missing says more than the code. */
const ABOUT_SIGNALS: ReadonlySet<EndpointView['reason']> = new Set(['one-way-in', 'one-way-out'] as const);

type Told = Pick<EndpointView, 'state' | 'reason' | 'signals' | 'needs' | 'lossRatio' | 'rttMs' | 'mos'>;

/** What happened and what it means, in a technician's words. */
export function reasonSentence(view: Told): string {
  const missing = ABOUT_SIGNALS.has(view.reason) ? missingSentence(view) : null;
  if (missing !== null) return missing;
  const base = view.reason === null || view.reason === 'ok' ? stateSentence(view) : t(`reason.${view.reason}`);
  const measures = view.state === 'degraded' ? notableMeasures(view) : [];
  return measures.length ? `${base}: ${measures.join(', ')}` : base;
}

const stateSentence = ({ state, needs }: Told): string =>
  t(state === 'ready' && needsSoundAlone(needs) ? 'sentence.soundFlows' : `sentence.${state}`);

/** "Gọi được, không có tiếng và hình về (một chiều)"; null when no signal is known to be absent */
function missingSentence({ signals, needs }: Told): string | null {
  const isMissed = (name: SignalName): boolean => needs.includes(name) && signals[name] === 'absent';
  const absentIn = (['audioIn', 'videoIn'] as const).filter(isMissed);
  const absentOut = (['audioOut', 'videoOut'] as const).filter(isMissed);
  if (!absentIn.length && !absentOut.length) return null;
  const words = [
    ...(absentIn.length === 2 ? [t('signal.bothIn')] : absentIn.map((name) => t(`signal.${name}`))),
    ...(absentOut.length === 2 ? [t('signal.bothOut')] : absentOut.map((name) => t(`signal.${name}`))),
  ].join(', ');
  const isOneWay = absentIn.length === 0 || absentOut.length === 0;
  return t(isOneWay ? 'sentence.missingOneWay' : 'sentence.missing', { signals: words });
}

function notableMeasures({ lossRatio, rttMs, mos }: Pick<EndpointView, 'lossRatio' | 'rttMs' | 'mos'>): string[] {
  const measures: string[] = [];
  if (lossRatio !== null && lossRatio >= NOTABLE_LOSS_RATIO)
    measures.push(t('measure.loss', { value: formatNumber(lossRatio * 100) }));
  if (rttMs !== null && rttMs > NOTABLE_RTT_MS) measures.push(t('measure.rtt', { value: formatNumber(Math.round(rttMs)) }));
  if (mos !== null && mos < NOTABLE_MOS) measures.push(t('measure.mos', { value: formatNumber(mos) }));
  return measures;
}

/** "từ 07:02"; nothing began with a site that was never tested */
export const sinceText = ({ state, since }: Pick<EndpointView, 'state' | 'since'>, nowMs: number): string =>
  since === null || state === 'untested' ? '' : t('time.since', { time: momentOf(Date.parse(since), nowMs) });

export const stateWord = (state: HealthState): string => t(`state.${state}`);

/** "hình về: không có, tiếng về: không có, hình đi: tốt, tiếng đi: tốt" */
export const signalsSentence = (view: EndpointView): string =>
  neededSignals(view.needs)
    .map((name) => `${t(`signal.${name}`)}: ${t(`signal.${view.signals[name]}`)}`)
    .join(', ');

/** The sentence of the site, with a word about the backup when it stands in. */
export function siteSentence(site: SiteModel): string {
  const shown = site.shown.value;
  const main = site.endpoints[0].value;
  const sentence = reasonSentence(shown);
  return shown === main ? sentence : `${sentence} (${t('sentence.viaBackup', { state: stateWord(main.state).toLowerCase() })})`;
}

/** Name of the tile for those who do not see it, and its tooltip: who, word, sentence, since, signals. */
export function tileLabel(site: SiteModel, nowMs: number): string {
  const view = site.shown.value;
  const since = view.state === 'ready' ? '' : sinceText(view, nowMs);
  const called =
    view.mediaCheckedAt === null
      ? ''
      : ` ${capital(t('time.calledAt', { time: momentOf(Date.parse(view.mediaCheckedAt), nowMs) }))}.`;
  return `${site.name}: ${stateWord(view.state)}${since && `, ${since}`}. ${siteSentence(site)}. ${capital(signalsSentence(view))}.${called}`;
}

/** Age on the tile, only where it matters: how long it is not ready, or how old the proof is that it is. */
export function tileAge(view: EndpointView, nowMs: number): string {
  if (view.state === 'untested' || view.state === 'maintenance') return '';
  if (view.state !== 'ready') return view.since === null ? '' : ageText(nowMs - Date.parse(view.since));
  const callAgeMs = view.mediaCheckedAt === null ? 0 : nowMs - Date.parse(view.mediaCheckedAt);
  return callAgeMs > OLD_CALL_MS ? ageText(callAgeMs) : '';
}

export function ageText(ageMs: number): string {
  const { value, unit } = roughAge(ageMs);
  return value === 0 ? t('age.now') : t(`age.${unit}`, { n: value });
}

/** "suy giảm: chỉ có tiếng, không có hình"; "sẵn sàng trở lại" after a trouble */
export function changeSentence({ from, to, reason }: StateChange): string {
  const state = lowerFirst(stateWord(to));
  if (to === 'ready') return from === 'untested' || from === 'unknown' ? state : t('changes.again', { state });
  return reason === null || reason === 'ok' ? state : `${state}: ${lowerFirst(t(`reason.${reason}`))}`;
}

export const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
