import fc from 'fast-check';
import { ManualScheduler } from '../../../common/manual-scheduler.js';
import { decodePer, encodePer } from '../per/schema.js';
import { valueOf } from '../testing/arbitrary.js';
import { bitFlips, truncations } from '../testing/damage.js';
import { RasClient } from './ras-client.js';
import { RasMessage } from './ras-message.js';
import type { Admission } from './ras-types.js';

const CODES = ['truncated', 'out-of-range', 'fragmented', 'reserved', 'too-deep', 'too-many'];
const made = fc.sample(valueOf(RasMessage), { numRuns: 60, seed: 7 }) as RasMessage[];
const octetsOf = (message: RasMessage): Uint8Array => encodePer(RasMessage, message);

describe('damaged messages of RAS', () => {
  it.each(made.map((message, index) => [`${index}: ${Object.keys(message)[0]}`, octetsOf(message)] as const))(
    '%s: is a value or an error',
    (_name, octets) => {
      for (const damaged of [...truncations(octets), ...bitFlips(octets, 200)]) {
        const read = decodePer(RasMessage, damaged);
        if (!read.ok) expect(CODES).toContain(read.error.code);
      }
    },
  );

  it('move no client to throw, to answer twice, or to leave a timer behind', () => {
    for (const [index, message] of made.entries()) {
      const scheduler = new ManualScheduler();
      const told: Admission[] = [];
      const place = { address: '10.0.0.1', port: 1720 };
      const config = { callSignal: place, ras: place, alias: 'monitor', timeToLiveS: 60 };
      // a request and what comes have the same number: the client takes it for an answer
      const { requestSeqNum } = Object.values(message)[0] as { requestSeqNum: number };
      const random = { uint32: () => (requestSeqNum ?? 1) - 1 };
      const client = new RasClient(config, { scheduler, random, send: () => undefined });
      const wish = {
        alias: '1',
        callReference: 1,
        callIdentifier: new Uint8Array(16),
        conferenceID: new Uint8Array(16),
        bandwidthKbps: 64,
      };
      client.admit(wish, (admission) => told.push(admission));
      const octets = octetsOf(message);
      for (const damaged of [octets, ...bitFlips(octets, 50, index + 1)]) client.receive(damaged);
      scheduler.advance(600_000);
      client.close();
      scheduler.advance(600_000);
      expect(told).toHaveLength(1);
      expect(scheduler.pendingCount).toBe(0);
    }
  });
});
