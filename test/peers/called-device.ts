import { fileURLToPath } from 'node:url';
import { createMediaPool } from '../../src/media/media-pool.js';
import type { MediaPool } from '../../src/media/contract.js';
import type { Outcome } from '../../src/probes/contract.js';
import { auditCaller } from './caller-audit.js';
import { LossyRelay, type RelayOptions } from './lossy-relay.js';
import { missingBuild } from './probe-command.js';
import { runProbe } from './probe-context.js';
import { describeWith } from './programs.js';
import { Sipp, type SippEnd, type SippOptions } from './sipp.js';
import { scenario, type Step } from './sipp-scenario.js';

/** A device that SIPp plays, and what a call to it has to show on both sides. */
export interface DeviceRow {
  title: string;
  steps: Step[];
  /** of the probe, over short limits */
  options?: Record<string, unknown>;
  sipp?: SippOptions;
  /** stands between the two; made anew for each call */
  relay?: () => RelayOptions;
  /** how the outcome has to look */
  outcome: Record<string, unknown>;
  /** audioOut, audioIn, videoOut, videoIn: flowing, poor, absent, unknown */
  signals: string;
  /** what the device must have been sent, beyond what RFC 3261 demands in every call */
  received?: (messages: SippEnd['messages']) => void;
}

interface Called {
  outcome: Outcome;
  device: SippEnd;
}

/** Short: what is judged in these rows is signalling. SIPp plays one call, so that none follows a refusal. */
const LIMITS = { holdS: 1, ringS: 1, noProvisionalS: 2, encryption: 'off' };
/** Each SIPp wakes up every millisecond; more of them at once make two cores late. */
const AT_ONCE = 8;
const MOST_REPEATS = 8;

/** The threads of the build, since a worker thread cannot be started from TypeScript. */
export const builtMediaPool = (): MediaPool =>
  createMediaPool({
    workers: 1,
    entry: new URL(`file://${fileURLToPath(new URL('../../dist/media/media-worker.js', import.meta.url))}`),
  });

/** One test for each row. Missing program or build: skipped, and the title says what is missing. */
export function describeDevices(title: string, rows: readonly DeviceRow[]): void {
  describeWith(
    ['sipp'],
    title,
    () => checkAll(rows),
    [missingBuild()].filter((what) => what !== undefined),
  );
}

function checkAll(rows: readonly DeviceRow[]): void {
  let called: Map<string, Called>;
  beforeAll(async () => (called = await callAll(rows)), 120_000);

  it.each(rows)('$title', ({ title, outcome, signals, received }) => {
    const { device, outcome: seen } = of(called, title);
    expect({ code: device.code, errors: device.errors }).toEqual({ code: 0, errors: '' });
    expect(seen).toMatchObject({ ...outcome, signals: signalsOf(signals) });
    expect(auditCaller(device.messages)).toEqual([]);
    received?.(device.messages);
  });
}

/** Calls every device of the table, several at once; what each call came to, by title. */
async function callAll(rows: readonly DeviceRow[]): Promise<Map<string, Called>> {
  const media = builtMediaPool();
  const called = new Map<string, Called>();
  const waiting = [...rows];
  const worker = async (): Promise<void> => {
    for (let row = waiting.shift(); row; row = waiting.shift())
      called.set(row.title, await undisturbed(() => callOne(row, media)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await media.close();
  return called;
}

function of(called: Map<string, Called>, title: string): Called {
  const call = called.get(title);
  if (!call) throw new Error(`no call to "${title}" was made`);
  return call;
}

/** A machine that was too busy to measure says so; the call is then made again, as the prober does. */
export async function undisturbed<T extends { outcome: Outcome }>(call: () => Promise<T>): Promise<T> {
  for (let repeats = 0; ; repeats++) {
    const made = await call();
    if (made.outcome.reason !== 'self-overloaded' || repeats === MOST_REPEATS) return made;
  }
}

async function callOne(row: DeviceRow, media: MediaPool): Promise<Called> {
  const device = await Sipp.start(scenario(row.steps), { ...row.sipp, once: true });
  const relay = row.relay && (await LossyRelay.start(device.port, row.relay()));
  const target = relay ? `sip:room@127.0.0.1:${relay.port}` : device.uri;
  const outcome = await runProbe('sip-call', target, { ...LIMITS, ...row.options }, { media });
  const end = await device.ended();
  relay?.stop();
  return { outcome, device: end };
}

const STATES = { f: 'flowing', p: 'poor', a: 'absent', u: 'unknown' } as const;

/** 'fauu' -> the four signals. */
export function signalsOf(letters: string): Outcome['signals'] {
  const [audioOut, audioIn, videoOut, videoIn] = [...letters].map((letter) => STATES[letter as keyof typeof STATES]);
  if (!audioOut || !audioIn || !videoOut || !videoIn) throw new Error(`"${letters}" are not four signals`);
  return { audioOut, audioIn, videoOut, videoIn };
}
