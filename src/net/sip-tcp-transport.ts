import { err, ok } from '../common/result.js';
import { SipStreamTransport } from './sip-stream-transport.js';
import type { OpenedSipTransport, SipPath } from './sip-transport.js';
import { connectTcp } from './tcp-connect.js';

export async function openSipTcp(path: SipPath): Promise<OpenedSipTransport> {
  const connected = await connectTcp(path);
  return connected.ok ? ok(new SipStreamTransport('TCP', connected.value, path)) : err(connected.error);
}
