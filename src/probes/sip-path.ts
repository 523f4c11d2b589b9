import { err, ok, type Result } from '../common/result.js';
import type { SipUdpHub } from '../net/sip-udp-hub.js';
import { openSipTcp } from '../net/sip-tcp-transport.js';
import type { OpenedSipTransport, OpenSipTransport, SipPath } from '../net/sip-transport.js';
import { openSipUdp } from '../net/sip-udp-transport.js';
import type { NameAddr } from '../protocols/sip/headers.js';
import type { SipMessage } from '../protocols/sip/message.js';
import type { TransportFailure } from '../protocols/sip/transport.js';
import type { ProbeContext } from './contract.js';
import { locateSip, type PathError } from './endpoint-address.js';
import type { SipTarget } from './target.js';

export const USER_AGENT = 'Thong-Suot (automatic check)';
/** What a codec shows on its screen and keeps in its call log: people must see at once that nobody is calling. */
export const CALLER_NAME = 'Kiểm tra tự động (automatic check)';
export const CALLER_USER = 'kiemtra';

export interface SipCaller {
  callerName: string;
  callerUser: string;
  source?: string;
  /** for a single request over UDP: the shared socket, where there is one */
  hub?: SipUdpHub;
}

/** An open way to the endpoint, and who we are on it. */
export interface SipPathTo {
  target: SipTarget & { address: string };
  transport: OpenSipTransport;
  from: NameAddr;
}

interface SipListener {
  onMessage(message: SipMessage, arrivalMs?: number): void;
  onFailure(failure: TransportFailure): void;
}

/** Resolves the target, checks that it may be spoken to and opens a transport to it. */
export async function openSipPath(
  targetText: string,
  caller: SipCaller & { connectTimeoutMs: number },
  context: Pick<ProbeContext, 'signal' | 'trace' | 'scheduler'>,
  listener: SipListener,
): Promise<Result<SipPathTo, PathError>> {
  const target = await locateSip(targetText);
  if (!target.ok) return target;
  const trace = tracer(context);
  const opened = await openTransport(target.value.transport, caller.hub, {
    address: target.value.address,
    port: target.value.port,
    source: caller.source,
    timeoutMs: caller.connectTimeoutMs,
    signal: context.signal,
    onMessage: (message, arrivalMs) => {
      trace?.(
        '<--',
        message.kind === 'request' ? `${message.method} ${message.uri}` : `${message.status} ${message.reasonPhrase}`,
      );
      listener.onMessage(message, arrivalMs);
    },
    onFailure: (failure) => {
      trace?.('<-x', failure);
      listener.onFailure(failure);
    },
  });
  if (!opened.ok) return err({ failure: opened.error, message: `${target.value.transport} path: ${opened.error}` });
  const transport = trace ? traced(opened.value, trace) : opened.value;
  const from: NameAddr = {
    displayName: caller.callerName,
    uri: { scheme: 'sip', user: caller.callerUser, host: transport.localAddress, params: {} },
    params: {},
  };
  return ok({ target: target.value, transport, from });
}

async function openTransport(
  protocol: SipTarget['transport'],
  hub: SipUdpHub | undefined,
  path: SipPath,
): Promise<OpenedSipTransport> {
  if (protocol === 'TCP') return openSipTcp(path);
  return hub ? hub.open(path) : openSipUdp(path);
}

type Trace = (arrow: string, summary: string) => void;

function tracer({ trace, scheduler }: Pick<ProbeContext, 'trace' | 'scheduler'>): Trace | undefined {
  if (!trace) return undefined;
  const startMs = scheduler.monotonicMs();
  return (arrow, summary) => {
    const atMs = (scheduler.monotonicMs() - startMs).toFixed(1).padStart(8);
    trace(`${atMs} ms ${arrow} ${summary}`);
  };
}

function traced(transport: OpenSipTransport, trace: Trace): OpenSipTransport {
  return {
    protocol: transport.protocol,
    reliable: transport.reliable,
    localAddress: transport.localAddress,
    localPort: transport.localPort,
    get malformed() {
      return transport.malformed;
    },
    send(message) {
      trace('-->', firstLine(message));
      transport.send(message);
    },
    unref: () => transport.unref(),
    close: () => transport.close(),
  };
}

/** The start line says enough and holds no credentials. */
const firstLine = (message: Uint8Array): string =>
  new TextDecoder()
    .decode(message.subarray(0, 300))
    .split('\r\n', 1)[0]
    ?.replace(/ SIP\/2\.0$/, '') ?? '';
