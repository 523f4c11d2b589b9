import type { MediaPool } from '../../src/media/contract.js';
import type { Outcome } from '../../src/probes/contract.js';
import { Baresip, type BaresipOptions, baresipHasH264 } from './baresip.js';
import { builtMediaPool, signalsOf, undisturbed } from './called-device.js';
import { missingBuild } from './probe-command.js';
import { runProbe } from './probe-context.js';
import { describeWith } from './programs.js';

interface Row {
  title: string;
  peer: BaresipOptions;
  options?: Record<string, unknown>;
  /** what happens there so long after it answered */
  then?: { afterMs: number; command: string };
  outcome: Record<string, unknown>;
  signals: string;
}

const rows: Row[] = [
  {
    title: 'sends digital silence: a microphone that is off or unplugged',
    peer: { video: 'moving', sound: 'silence' },
    outcome: { result: 'fail', reason: 'silent' },
    signals: 'fpff',
  },
  {
    title: 'sends a black picture: a camera with its cover on',
    peer: { video: 'black' },
    outcome: { result: 'fail', reason: 'frozen' },
    signals: 'fffp',
  },
  {
    title: 'sends a black picture, at which we look',
    peer: { video: 'black' },
    options: { decodeKeyframe: true },
    // from the sizes of its pictures alone it would only be a still scene
    outcome: { result: 'fail', reason: 'frozen', detail: { notes: { videoIn: expect.stringContaining('black') } } },
    signals: 'fffp',
  },
  {
    title: 'puts the call on hold',
    peer: { video: 'moving' },
    then: { afterMs: 2000, command: 'hold' },
    // what stopped in the middle and did not come back is not forgiven; its first report would have come after five seconds
    outcome: { result: 'fail', reason: 'poor-quality', detail: { changes: 1, endedBy: 'us', byeAnswered: true } },
    signals: 'upup',
  },
  {
    title: 'hangs up after two seconds',
    peer: { video: 'none' },
    then: { afterMs: 2000, command: 'hangup' },
    outcome: { result: 'fail', reason: 'peer-hung-up', detail: { endedBy: 'peer' } },
    signals: 'ufaa',
  },
  {
    title: 'hangs up when its sound is at its end',
    peer: { video: 'none', sound: 'two-seconds' },
    outcome: { result: 'fail', reason: 'peer-hung-up', detail: { endedBy: 'peer' } },
    signals: 'upaa',
  },
];

async function callOne(row: Row, media: MediaPool): Promise<{ outcome: Outcome; log: string }> {
  const peer = await Baresip.start(row.peer);
  const trace = (line: string): void => {
    const { then } = row;
    if (then && line.includes('--> ACK')) setTimeout(() => void peer.command(then.command), then.afterMs);
  };
  const outcome = await runProbe('sip-call', peer.uri, row.options, { media, trace });
  await peer.stop();
  return { outcome, log: peer.log };
}

describeWith(
  ['baresip', 'ffmpeg'],
  'sip-call to a baresip that',
  () => {
    const calls = new Map<string, Awaited<ReturnType<typeof callOne>>>();
    beforeAll(async () => {
      const media = builtMediaPool();
      await Promise.all(rows.map(async (row) => calls.set(row.title, await undisturbed(() => callOne(row, media)))));
      await media.close();
    }, 120_000);

    it.each(rows)('$title', ({ title, outcome, signals }) => {
      expect(calls.get(title)).toMatchObject({ outcome: { ...outcome, signals: signalsOf(signals) } });
    });
  },
  [missingBuild(), baresipHasH264() ? undefined : 'baresip-ffmpeg (H.264)'].filter((what) => what !== undefined),
);
