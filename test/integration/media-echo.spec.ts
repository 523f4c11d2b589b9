import { madeEndpoints } from '../../src/lab/endpoints/endpoint-list.js';
import type { FaultInput } from '../../src/lab/faults/fault.js';
import { startLab, type Lab } from '../../src/lab/lab.js';
import type { MediaPool } from '../../src/media/contract.js';
import type { Outcome } from '../../src/probes/contract.js';
import { builtMediaPool } from '../peers/called-device.js';
import { runProbe } from '../peers/probe-context.js';

const FAULTS = {
  echo: { fault: 'echo' },
  'echo of a mixer': { fault: 'echo', under: 'its-ssrc' },
  collision: { fault: 'ssrc-collision' },
  'no keyframe': { fault: 'no-keyframe' },
} satisfies Record<string, FaultInput>;
type Name = keyof typeof FAULTS;

describe('a call to a peer that is not what it seems', () => {
  let lab: Lab;
  let pool: MediaPool;
  let outcomes: Map<string, Outcome>;

  beforeAll(async () => {
    const names = Object.keys(FAULTS) as Name[];
    lab = await startLab({ endpoints: madeEndpoints(names.length, '127.45') });
    pool = builtMediaPool();
    const call = async (name: Name, i: number): Promise<[Name, Outcome]> => {
      const { address } = lab.endpoints[i]!;
      await lab.setFault(address, FAULTS[name]);
      return [name, await runProbe('sip-call', `sip:room@${address}`, {}, { media: pool })];
    };
    outcomes = new Map(await Promise.all(names.map(call)));
  }, 60_000);

  afterAll(async () => {
    await pool.close();
    await lab.stop();
  });

  it('should not take its own stream for a living peer', () => {
    // on a machine too busy to blame anybody it is our overload, and never a pass
    expect(['no-media', 'self-overloaded']).toContain(outcomes.get('echo')?.reason);
    expect(outcomes.get('echo')).toMatchObject({
      signals: { audioIn: 'absent', audioOut: 'unknown', videoIn: 'absent', videoOut: 'unknown' },
      media: { audioIn: { packets: 0 }, videoIn: { packets: 0 } },
    });
    expect(outcomes.get('echo')?.media?.audioIn?.ownEcho).toBeGreaterThan(90);
  });

  it('should know its own sound under another SSRC', () => {
    const { signals, media } = outcomes.get('echo of a mixer') ?? {};
    expect(signals).toMatchObject({ audioIn: 'absent', audioOut: 'unknown' });
    expect(media?.audioIn).toMatchObject({ packets: 0, ssrcChanges: 0 });
    expect(media?.audioIn?.ownEcho).toBeGreaterThan(90);
  });

  it('should leave its SSRC to a peer that has it too, and lose nothing', () => {
    const { result, signals, media } = outcomes.get('collision') ?? {};
    expect(signals).toEqual({ audioIn: 'flowing', audioOut: 'flowing', videoIn: 'flowing', videoOut: 'flowing' });
    expect(result).toBe('pass');
    expect(media).toMatchObject({
      audioIn: { ssrcCollisions: 1, ownEcho: 0, lossRatio: 0 },
      videoIn: { ssrcCollisions: 1, ownEcho: 0, lossRatio: 0 },
    });
  });

  it('should get its keyframe by INFO where RTCP brings none (RFC 5168)', () => {
    const { detail, media } = outcomes.get('no keyframe') ?? {};
    expect(detail).toMatchObject({ keyframeInfos: 1 });
    expect(media?.videoIn?.keyframes).toBeGreaterThan(0);
  });
});
