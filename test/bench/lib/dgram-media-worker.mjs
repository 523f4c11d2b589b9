// The media worker as it would be without kernel sockets: the same engine, priority and messages, Node's dgram below.
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { serveMedia } from '../../../dist/media/serve-media.js';
import { DgramMediaNetwork } from '../../../dist/net/dgram-media-network.js';

try {
  setPriority(-10);
} catch {
  // only root may; the media worker then does without, too
}
serveMedia(parentPort, new DgramMediaNetwork());
