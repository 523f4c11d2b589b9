import { EventEmitter } from 'node:events';
import { pino } from 'pino';
import { z } from 'zod';
import { ManualScheduler } from '../common/manual-scheduler.js';
import { systemRandom } from '../common/random.js';
import type { Probe, ProbeKind } from '../probes/contract.js';
import { pass, startOutcome } from '../probes/outcome.js';
import { IpcLink } from './link/ipc-link.js';
import { LINK_VERSION, type Plan, type ToCore, toCoreSchema } from './messages.js';
import { MemoryOutbox } from './outbox.js';
import { NO_STORE } from './call-memory.js';
import { perKind } from './pacing.js';
import { ProberAgent } from './prober-agent.js';

/** The prober's end of a pipe, without the pipe. `taken: false`: the core reads nothing. */
class Channel extends EventEmitter {
  connected = true;
  taken = true;
  readonly sent: ToCore[] = [];

  send(message: unknown, _handle: undefined, _options: undefined, done: (error: Error | null) => void): boolean {
    this.sent.push(toCoreSchema.parse(structuredClone(message)));
    if (this.taken) done(null);
    return true;
  }

  of<T extends ToCore['type']>(type: T): Extract<ToCore, { type: T }>[] {
    return this.sent.filter((message): message is Extract<ToCore, { type: T }> => message.type === type);
  }
}

const plan: Plan = {
  revision: 1,
  vantage: 'test',
  items: [{ endpointId: 'a', kind: 'tcp', target: '127.0.0.1', options: {}, intervalMs: 10_000, area: '', carrier: '' }],
  concurrency: perKind(() => 1),
  firstRoundMs: 0,
  orphanStopMs: 120_000,
};

function bench() {
  const scheduler = new ManualScheduler();
  const channel = new Channel();
  const stops: string[] = [];
  const runs: ProbeKind[] = [];
  const log = pino({ level: 'silent' });
  const probe = (kind: ProbeKind): Probe<ProbeKind> => ({
    kind,
    options: z.strictObject({}),
    run: (request, context) => {
      runs.push(kind);
      return Promise.resolve(startOutcome(kind, request, context)(pass));
    },
  });
  const agent = new ProberAgent({
    probes: perKind(probe),
    context: {
      scheduler,
      random: systemRandom,
      media: { open: () => Promise.reject(new Error('no media here')), close: () => Promise.resolve() },
      icmp: { name: 'none', clock: 'user', burst: () => Promise.reject(new Error('no icmp here')), close: () => undefined },
      loopLagMs: () => 0,
    },
    outbox: new MemoryOutbox(),
    harm: NO_STORE,
    link: new IpcLink(channel, log),
    log,
    pid: 7,
    onStopWanted: (why) => stops.push(why),
  });
  agent.start();
  const say = (message: Record<string, unknown>): boolean => channel.emit('message', { v: LINK_VERSION, ...message });
  const advance = async (byMs: number): Promise<void> => {
    for (let doneMs = 0; doneMs < byMs; doneMs += 500) {
      scheduler.advance(Math.min(500, byMs - doneMs));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { scheduler, channel, stops, runs, agent, say, advance };
}

describe(ProberAgent.name, () => {
  it('greets, beats, runs the plan and offers outcomes until they are acknowledged', async () => {
    const { channel, say, advance, agent } = bench();
    expect(channel.of('hello')).toMatchObject([{ pid: 7, stats: { planRevision: -1, icmpEngine: 'none' } }]);
    say({ type: 'plan', plan });
    await advance(1_000);
    const [offer] = channel.of('outcomes');
    expect(offer?.outcomes).toMatchObject([{ endpointId: 'a', result: 'pass' }]);
    const runId = offer?.outcomes[0]?.runId;
    const offersOf = (): number => channel.of('outcomes').filter((m) => m.outcomes.some((o) => o.runId === runId)).length;
    await advance(4_000);
    expect(offersOf()).toBe(1);
    await advance(2_000);
    expect(offersOf()).toBe(2);
    expect(agent.stats().unacknowledged).toBeGreaterThan(0);
    say({ type: 'ack', runIds: channel.of('outcomes').flatMap((m) => m.outcomes.map((o) => o.runId)) });
    expect(agent.stats()).toMatchObject({ planRevision: 1, unacknowledged: 0 });
    await advance(40_000);
    expect(offersOf()).toBe(2);
    expect(channel.of('heartbeat').length).toBeGreaterThan(40);
  });

  it('ignores what is malformed or of another version', () => {
    const { channel, agent, stops } = bench();
    for (const bad of [
      null,
      'stop',
      { v: 2, type: 'stop' },
      { v: 1, type: 'explode' },
      { v: 1, type: 'plan', plan: {} },
      { v: 1, type: 'stop', now: true },
    ]) {
      channel.emit('message', bad);
    }
    expect(stops).toEqual([]);
    expect(agent.stats().planRevision).toBe(-1);
  });

  it('goes on without its core and keeps the outcomes, then wants to stop', async () => {
    const { channel, say, advance, stops, agent } = bench();
    say({ type: 'plan', plan });
    await advance(1_000);
    channel.connected = false;
    channel.emit('disconnect');
    const sentBefore = channel.sent.length;
    await advance(100_000);
    expect(stops).toEqual([]);
    expect(agent.stats().unacknowledged).toBeGreaterThan(9);
    expect(channel.sent).toHaveLength(sentBefore);
    await advance(30_000);
    expect(stops.length).toBeGreaterThan(0);
    await agent.stop();
  });

  it('stops calls by signal where no core is heard of, until one says otherwise', async () => {
    const { channel, say, advance, runs, agent } = bench();
    const call = { endpointId: 'b', kind: 'sip-call', target: 'sip:b@127.0.0.1', options: {}, area: '', carrier: '' } as const;
    const lastCall = () => {
      const outcomes = channel.of('outcomes').flatMap((message) => message.outcomes);
      return outcomes.filter(({ kind }) => kind === 'sip-call').at(-1);
    };
    say({ type: 'plan', plan: { ...plan, items: [{ ...call, intervalMs: 2_000 }] } });
    agent.stopCallsAlone();
    await advance(2_500);
    expect(lastCall()).toMatchObject({ result: 'pass' });
    await advance(3_000);
    agent.stopCallsAlone();
    await advance(5_000);
    expect(lastCall()).toMatchObject({ reason: 'aborted', detail: { refusedBy: 'global-stop' } });
    say({ type: 'global-stop', level: 'none' });
    await advance(5_000);
    expect(lastCall()).toMatchObject({ result: 'pass' });
    channel.connected = false;
    channel.emit('disconnect');
    agent.stopCallsAlone();
    const made = runs.length;
    await advance(5_000);
    expect(runs).toHaveLength(made);
    await agent.stop();
  });

  it('stays as long as the core is heard', async () => {
    const { say, advance, stops } = bench();
    for (let second = 0; second < 60; second++) {
      say({ type: 'heartbeat', atMs: 0 });
      await advance(1_000);
    }
    expect(stops).toEqual([]);
    await advance(12_000);
    expect(stops.length).toBeGreaterThan(0);
  });

  it('offers nothing to a core that reads nothing', async () => {
    const { channel, say, advance } = bench();
    channel.taken = false;
    say({ type: 'plan', plan });
    await advance(110_000);
    expect(channel.sent.length).toBeLessThan(15);
  });

  it('waits with its end for the last acknowledgement, but not for ever, and leaves nothing behind', async () => {
    for (const acknowledges of [true, false]) {
      const { channel, say, scheduler, advance, agent } = bench();
      say({ type: 'plan', plan });
      await advance(500);
      let ended = false;
      const stopped = agent.stop().then(() => (ended = true));
      await advance(500);
      expect(ended).toBe(false);
      if (acknowledges) say({ type: 'ack', runIds: channel.of('outcomes').flatMap((m) => m.outcomes.map((o) => o.runId)) });
      else await advance(1_000);
      await stopped;
      expect(scheduler.pendingCount).toBe(0);
      expect(channel.listenerCount('message') + channel.listenerCount('disconnect')).toBe(0);
    }
  });

  it('counts steps of the wall clock', async () => {
    const { scheduler, advance, agent } = bench();
    scheduler.stepWall(3_600_000);
    await advance(2_000);
    scheduler.stepWall(-100);
    await advance(2_000);
    expect(agent.stats().clockSteps).toBe(1);
  });
});
