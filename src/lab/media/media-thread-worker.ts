import { parentPort, workerData } from 'node:worker_threads';
import { DgramMediaNetwork } from '../../net/dgram-media-network.js';
import { KernelMediaNetwork } from '../../net/kernel-media-network.js';
import { takePriority } from '../../net/thread-priority.js';
import type { Behaviour } from '../faults/behaviour.js';
import { CallMedia } from './call-media.js';
import { mediaTools } from './media-host.js';
import type { FromMediaThread, MediaThreadData, ToMediaThread } from './media-thread-messages.js';
import { TurnScheduler } from './turn-scheduler.js';

const QUIET_REPORT_MS = 2000;

interface Call {
  behaviour: Readonly<Behaviour>;
  /** undefined until its ports are open */
  media?: CallMedia;
  closed: boolean;
}

const port = parentPort;
if (!port) throw new Error('the media thread is started by the lab');
takePriority();
const kernel = KernelMediaNetwork.open();
const network = kernel.ok ? kernel.value : new DgramMediaNetwork();
const scheduler = new TurnScheduler();
const tools = mediaTools((workerData as MediaThreadData).seed, scheduler, network);
const calls = new Map<number, Call>();
let turning = false;

const tell = (message: FromMediaThread): void => port.postMessage(message);

async function open(call: number, address: string, behaviour: Readonly<Behaviour>): Promise<void> {
  const entry: Call = { behaviour, closed: false };
  calls.set(call, entry);
  try {
    const media = await CallMedia.open(address, () => entry.behaviour, tools);
    if (entry.closed) return media.close();
    entry.media = media;
    tell({ type: 'opened', call, ports: media.ports });
  } catch (error) {
    calls.delete(call);
    tell({ type: 'not-opened', call, message: error instanceof Error ? error.message : String(error) });
  }
}

/** Sends what is due and waits for the next moment or for what comes, as long as there is a call: an idle thread sleeps. */
async function turn(): Promise<void> {
  if (turning) return;
  turning = true;
  while (scheduler.dueMs !== undefined) {
    scheduler.runDue();
    await network.wait(scheduler.dueMs ?? scheduler.monotonicMs());
  }
  turning = false;
}

function obey(message: ToMediaThread): void {
  if (message.type === 'open') return void open(message.call, message.address, message.behaviour);
  const call = calls.get(message.call);
  if (!call) return;
  switch (message.type) {
    case 'apply':
      call.media?.apply(message.agreed);
      return void turn();
    case 'behaviour':
      call.behaviour = message.behaviour;
      return;
    case 'keyframe':
      return call.media?.requestKeyframe();
    case 'close':
      call.closed = true;
      call.media?.close();
      calls.delete(message.call);
  }
}

function reportQuiet(): void {
  const nowMs = scheduler.monotonicMs();
  for (const [call, { media }] of calls) {
    if (media?.quietSinceMs !== undefined) tell({ type: 'quiet', call, forMs: nowMs - media.quietSinceMs });
  }
}

port.on('message', obey);
setInterval(reportQuiet, QUIET_REPORT_MS);
