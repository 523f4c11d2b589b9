import { SIGNAL_NAMES, type SignalName } from '../common/states.js';
import type { IcmpHop } from '../net/icmp-engine.js';
import type { Outcome } from '../probes/contract.js';
import { both, REASON_WORDS, RESULT_WORDS, SIGNAL_NAME_WORDS, SIGNAL_STATE_WORDS } from './reason-words.js';

/** One outcome in plain words. */
export function reportOf(outcome: Outcome): string {
  const lines = [
    `${both(RESULT_WORDS[outcome.result])}: ${both(REASON_WORDS[outcome.reason])}`,
    `  ${outcome.kind} ${outcome.target}, ${(outcome.durationMs / 1000).toFixed(1)} s`,
    ...SIGNAL_NAMES.map((name) => signalLine(outcome, name)),
    ...figureLines(outcome),
  ];
  return `${lines.filter((line) => line !== undefined).join('\n')}\n`;
}

function signalLine({ signals, media, detail }: Outcome, name: SignalName): string | undefined {
  if (!signals) return undefined;
  const measures = media?.[name];
  const figures = [
    measures && `${measures.packets} gói/packets`,
    measures?.lossRatio !== undefined && `mất/loss ${(measures.lossRatio * 100).toFixed(1)} %`,
    measures?.jitterMs !== undefined && `jitter ${measures.jitterMs.toFixed(1)} ms`,
    noteOf(detail, name),
  ].filter(Boolean);
  const state = both(SIGNAL_STATE_WORDS[signals[name]]);
  return `  ${both(SIGNAL_NAME_WORDS[name])}: ${state}${figures.length > 0 ? ` (${figures.join(', ')})` : ''}`;
}

function noteOf(detail: Outcome['detail'], name: SignalName): string | undefined {
  const notes: unknown = detail?.notes;
  if (typeof notes !== 'object' || notes === null || !(name in notes)) return undefined;
  return String((notes as Record<string, unknown>)[name]);
}

function figureLines({ rttMs, setupMs, mos, measures, detail, evidence }: Outcome): (string | undefined)[] {
  return [
    rttMs === undefined ? undefined : `  Khứ hồi / round trip: ${rttMs.toFixed(1)} ms`,
    setupMs === undefined ? undefined : `  Thiết lập / set-up: ${setupMs.toFixed(0)} ms`,
    mos === undefined ? undefined : `  MOS (ước tính / estimate): ${mos.toFixed(1)}`,
    typeof measures?.lossRatio === 'number' ? `  Mất gói / loss: ${(measures.lossRatio * 100).toFixed(0)} %` : undefined,
    ...hopLines(evidence?.trace),
    typeof detail?.pathMtuBytes === 'number' ? `  Gói lớn nhất đi lọt / path MTU: ${detail.pathMtuBytes} bytes` : undefined,
    ...(['status', 'note', 'userAgent', 'message'] as const).map((key) => detailLine(detail?.[key], key)),
  ];
}

/** The way as far as anybody on it answered. */
function hopLines(trace: unknown): string[] {
  if (!Array.isArray(trace)) return [];
  const lines = (trace as IcmpHop[]).map(({ ttl, address, rttMs, unreachable }) => {
    const time = rttMs === null ? '' : ` ${rttMs.toFixed(1)} ms`;
    return `    ${ttl}  ${address ?? '*'}${time}${unreachable ? ` (${unreachable})` : ''}`;
  });
  return ['  Đường đi / the way there:', ...(lines.length > 0 ? lines : ['    *'])];
}

const detailLine = (value: unknown, key: string): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? `  ${key}: ${value}` : undefined;
