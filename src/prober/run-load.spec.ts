import { runLoadKbps } from './run-load.js';

describe(runLoadKbps.name, () => {
  it.each([
    // 102 bytes there and back, each 200 ms: 2 x 102 x 8 / 200 = 8.2
    ['icmp', {}, 9],
    // as large and as fast as the settings allow: 2 x (1472 + 46) x 8 / 10
    ['icmp', { payloadBytes: 1_472, spacingMs: 10 }, 2_429],
    ['tcp', {}, 4],
    ['sip-options', {}, 10],
    ['sip-call', {}, 1_574],
    ['sip-call', { video: true, holdS: 12 }, 1_574],
    ['sip-call', { video: false }, 174],
    ['sip-call', { codecs: ['PCMA'] }, 174],
    // 2 x (87 + 304)
    ['sip-call', { bandwidthKbps: 384 }, 782],
    ['sip-call', { bandwidthKbps: 100 }, 174],
    ['sip-call', { bandwidthKbps: 4_000 }, 1_574],
  ] as const)('%s with %j is %d kbit/s', (kind, options, kbps) => expect(runLoadKbps(kind, options)).toBe(kbps));
});
