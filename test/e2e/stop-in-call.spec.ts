import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon } from '../fixtures/daemon.js';
import { SipRoom } from '../fixtures/sip-room.js';

describe('a daemon that is told to stop (SIGTERM)', () => {
  it.each([
    ['in the middle of a call', 200, 'ACK', 'BYE'],
    ['while a call rings', 180, 'INVITE', 'CANCEL'],
  ])('%s ends it before it is gone', async (_when, status, begun, end) => {
    const room = await SipRoom.open(status);
    const folder = mkdtempSync(join(tmpdir(), 'stop-in-call-'));
    const inventory = join(folder, 'sites.csv');
    writeFileSync(inventory, `site_code,site_name,tier,address,sip_uri\nA,A,commune,127.31.9.3,${room.uri}\n`);
    const daemon = await Daemon.start({ INVENTORY: inventory });
    try {
      await daemon.until('a call', () => Promise.resolve(room.methods.includes(begun)));
      expect(room.methods).not.toContain(end);
      await daemon.stop();
      expect(room.methods).toContain(end);
    } finally {
      await daemon.stop();
      room.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
