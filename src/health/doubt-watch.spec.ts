import type { Reason } from '../common/reasons.js';
import { configSchema } from '../config/config-schema.js';
import type { Observation } from '../probes/contract.js';
import { DoubtWatch, referenceItems } from './doubt-watch.js';

const ping = (endpointId: string, reason: Reason, atMs: number): Observation =>
  ({ endpointId, kind: 'icmp', reason, startedAt: new Date(atMs).toISOString(), durationMs: 0 }) as Observation;
const GATEWAY = 'reference:10.0.0.1';

describe(DoubtWatch.name, () => {
  const setup = () => new DoubtWatch(['10.0.0.1', 'TW-1'], 10_000, 500);

  it('is blind when none of its references answers twice, since the last of them went', () => {
    const sut = setup();
    sut.saw([ping(GATEWAY, 'no-answer', 1_000), ping('TW-1', 'no-answer', 2_000), ping(GATEWAY, 'no-answer', 11_000)]);
    expect(sut.doubtAt(11_000)).toBeNull();
    sut.saw([ping('TW-1', 'no-answer', 12_000)]);
    expect(sut.doubtAt(12_000)).toEqual({ sinceMs: 2_000, why: 'references', targets: ['10.0.0.1', 'TW-1'] });
    sut.saw([ping('TW-1', 'ok', 13_000)]);
    expect(sut.doubtAt(13_000)).toBeNull();
  });

  it('sees as long as one of them answers, and takes a busy one for an answer', () => {
    const sut = setup();
    for (const atMs of [1_000, 11_000, 21_000]) sut.saw([ping(GATEWAY, 'no-answer', atMs), ping('TW-1', 'busy', atMs)]);
    expect(sut.doubtAt(21_000)).toBeNull();
  });

  it('counts neither what is told twice, nor what is about us, nor other endpoints', () => {
    const sut = setup();
    const lost = [ping(GATEWAY, 'no-answer', 1_000), ping('TW-1', 'no-answer', 1_000)];
    sut.saw([...lost, ...lost, ping('TW-1', 'aborted', 9_000), ping(GATEWAY, 'aborted', 9_000), ping('04792-1', 'ok', 9_000)]);
    expect(sut.doubtAt(9_000)).toBeNull();
  });

  it('does not stay blind by what was seen long ago', () => {
    const sut = setup();
    for (const atMs of [1_000, 2_000]) sut.saw([ping(GATEWAY, 'no-answer', atMs), ping('TW-1', 'no-answer', atMs)]);
    expect(sut.doubtAt(62_000)).not.toBeNull();
    expect(sut.doubtAt(62_001)).toBeNull();
  });

  it('does not trust itself while it is late, as seen twice', () => {
    const sut = setup();
    sut.sawLag(501, 1_000);
    expect(sut.doubtAt(1_000)).toBeNull();
    sut.sawLag(900, 6_000);
    expect(sut.doubtAt(6_000)).toEqual({ sinceMs: 1_000, why: 'overload', targets: [] });
    sut.sawLag(500, 11_000);
    expect(sut.doubtAt(11_000)).toBeNull();
  });
});

describe(referenceItems.name, () => {
  it('pings what is no endpoint', () => {
    const config = configSchema.parse({ health: { references: ['10.0.0.1', 'TW-1'] } });
    expect(referenceItems(config)).toMatchObject([{ endpointId: GATEWAY, kind: 'icmp', target: '10.0.0.1', intervalMs: 10_000 }]);
  });
});
