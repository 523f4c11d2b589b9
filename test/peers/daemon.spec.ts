import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EndpointView } from '../../src/live/feed-events.js';
import { Daemon } from '../fixtures/daemon.js';
import { Baresip, baresipHasH264, freePort } from './baresip.js';
import { missingBuild } from './probe-command.js';
import { describeWith } from './programs.js';

const FLOWING = { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' };

/** The promise to a user with real codecs: a CSV file, the built daemon, and the truth about each endpoint. */
describeWith(
  ['baresip', 'ffmpeg'],
  'daemon that watches two real endpoints, a closed port and a black hole',
  () => {
    const peers: Baresip[] = [];
    let blackHole: Socket;
    let folder: string;
    let daemon: Daemon;

    beforeAll(async () => {
      peers.push(await Baresip.start(), await Baresip.start());
      blackHole = createSocket('udp4').bind(0, '127.31.9.2');
      await once(blackHole, 'listening');
      folder = mkdtempSync(join(tmpdir(), 'peers-'));
      const inventory = join(folder, 'sites.csv');
      const uris = [
        ...peers.map(({ uri }) => uri),
        `sip:closed@127.31.9.1:${await freePort()}`,
        `sip:silent@127.31.9.2:${blackHole.address().port}`,
      ];
      const rows = uris.map((uri, i) => `SITE-${i},Site ${i},commune,${/@([\d.]+)/.exec(uri)?.[1]},${uri}`);
      writeFileSync(inventory, ['site_code,site_name,tier,address,sip_uri', ...rows, ''].join('\n'));
      daemon = await Daemon.start({ INVENTORY: inventory });
    });
    afterAll(async () => {
      await daemon?.stop();
      blackHole?.close();
      await Promise.all(peers.map((peer) => peer.stop()));
      rmSync(folder, { recursive: true, force: true });
    });

    it('should find both ready with four flowing signals, and name what is wrong with the others', async () => {
      const views = async (): Promise<EndpointView[]> =>
        ((await daemon.json('/api/v1/endpoints')) as { items: EndpointView[] }).items;
      await daemon.until('two ready endpoints and two named faults', async () => {
        const states = (await views()).map(({ state, reason }) => `${state} ${reason}`);
        return states.join(', ') === 'ready ok, ready ok, down refused, down no-answer';
      });
      for (const { signals, mediaCheckedAt } of (await views()).slice(0, 2)) {
        expect(signals).toEqual(FLOWING);
        expect(mediaCheckedAt).not.toBeNull();
      }
      expect(((await daemon.json('/healthz')) as { simulated: boolean }).simulated).toBe(false);
    }, 180_000);
  },
  [...[missingBuild()].filter((what) => what !== undefined), ...(baresipHasH264() ? [] : ['baresip-ffmpeg (H.264)'])],
);
