// The media worker as it would be without kernel sockets: the same engine, priority and messages, Node's dgram below.
import { parentPort } from 'node:worker_threads';
import { serveMedia } from '../../../dist/media/serve-media.js';
import { takePriority } from '../../../dist/net/thread-priority.js';
import { DgramMediaNetwork } from '../../../dist/net/dgram-media-network.js';

takePriority();
serveMedia(parentPort, new DgramMediaNetwork());
