import type { MessagePort } from 'node:worker_threads';
import type { MediaNetwork } from '../net/media-sockets.js';
import type { MediaSession } from './contract.js';
import { MediaEngine } from './media-engine.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

/** A media thread's end of the pool's messages. */
export function serveMedia(port: MessagePort, network: MediaNetwork): void {
  const engine = new MediaEngine(network);
  const sessions = new Map<number, MediaSession>();
  const tell = (message: FromWorker): void => port.postMessage(message);

  port.on('message', (message: ToWorker) => {
    if (message.type === 'ping') return tell({ type: 'alive' });
    const { call } = message;
    switch (message.type) {
      case 'open':
        engine.open(message.request).then(
          (session) => {
            sessions.set(call, session);
            session.onKeyframeMissing(() => tell({ type: 'keyframe-missing', call }));
            tell({ type: 'opened', call, ports: session.ports });
          },
          (error: unknown) => tell({ type: 'not-opened', call, message: error instanceof Error ? error.message : String(error) }),
        );
        return;
      case 'start':
        sessions.get(call)?.start(message.legs);
        return;
      case 'stop':
        void sessions
          .get(call)
          ?.stop()
          .then((facts) => tell({ type: 'stopped', call, facts }));
        sessions.delete(call);
    }
  });
}
