import { type MaybePromise, whenKnown } from '../common/maybe-promise.js';
import { err, ok, type Result } from '../common/result.js';
import { openSipTcp } from '../net/sip-tcp-transport.js';
import { openSipTls } from '../net/sip-tls-transport.js';
import type { OpenSipTransport, SipPath } from '../net/sip-transport.js';
import type { SipUdpHub } from '../net/sip-udp-hub.js';
import { openSipUdp } from '../net/sip-udp-transport.js';
import { readable } from '../protocols/sip/call-ladder.js';
import type { NameAddr } from '../protocols/sip/headers.js';
import type { SipMessage } from '../protocols/sip/message.js';
import type { TransportFailure } from '../protocols/sip/transport.js';
import { formatHost, formatSipUri, type SipUri } from '../protocols/sip/uri.js';
import type { ProbeContext } from './contract.js';
import { type Located, locateSip, type PathError } from './endpoint-address.js';
import { printable } from './printable.js';
import type { SipRoute } from './standing-call.js';
import { parseSipTarget, type SipTarget, type SipTargetDefaults } from './target.js';

export const USER_AGENT = 'Thong-Suot (automatic check)';
/** What a codec shows on its screen and keeps in its call log: people must see at once that nobody is calling. */
export const CALLER_NAME = 'Kiểm tra tự động (automatic check)';
export const CALLER_USER = 'kiemtra';

export interface SipCaller extends SipTargetDefaults {
  callerName: string;
  callerUser: string;
  source?: string;
  outboundProxy?: string;
  caFile?: string;
  certificateSha256?: string;
}

export interface SipPathOptions {
  connectTimeoutMs: number;
  /** for a single request over UDP: the shared socket, where there is one */
  hub?: SipUdpHub;
}

/** An open way to the endpoint, and who we are on it. */
export interface SipPathTo {
  target: Located<SipTarget>;
  transport: OpenSipTransport;
  from: NameAddr;
  /** Route values to begin with: the outbound proxy, where there is one */
  routes: string[];
  /** of the transport, to open it again */
  route: SipRoute;
  /** so far; what there was nothing of is absent */
  oddities: () => PeerOddities;
}

/** What a peer does that it should not, or need not, and that we put up with. */
export interface PeerOddities {
  /** datagrams or messages that were no SIP */
  malformed?: number;
  /** lines among the headers of its messages that were none */
  malformedHeaders?: number;
  /** it answers from there and not from where it was asked */
  answeredFrom?: string;
}

interface SipListener {
  onMessage: (message: SipMessage, arrivalMs?: number) => void;
  onFailure: (failure: TransportFailure) => void;
}

type Context = Pick<ProbeContext, 'signal' | 'trace' | 'scheduler'>;
/** The endpoint, and whom to send to. */
interface Ends {
  target: Located<SipTarget>;
  nextHop: Located<SipTarget>;
}

/** Resolves the target, checks that it may be spoken to and opens a transport to it, or to its outbound proxy. */
export const openSipPath = (
  targetText: string,
  caller: SipCaller,
  options: SipPathOptions,
  context: Context,
  listener: SipListener,
): MaybePromise<Result<SipPathTo, PathError>> =>
  whenKnown(locateEnds(targetText, caller), (ends) =>
    ends.ok ? openBetween(ends.value, caller, options, context, listener) : ends,
  );

function openBetween(
  { target, nextHop }: Ends,
  caller: SipCaller,
  { connectTimeoutMs, hub }: SipPathOptions,
  context: Context,
  listener: SipListener,
): MaybePromise<Result<SipPathTo, PathError>> {
  const trace = tracer(context);
  const { source, caFile, certificateSha256 } = caller;
  const { transport: protocol, host, address, port } = nextHop;
  const route: SipRoute = { transport: protocol, host, address, port, source, caFile, certificateSha256 };
  const heard = { malformedHeaders: 0 };
  const { onMessage, onFailure } = counted(trace ? tracedListener(listener, trace) : listener, heard);
  const opening = openRoute(route, hub, { timeoutMs: connectTimeoutMs, signal: context.signal, onMessage, onFailure });
  return whenKnown(opening, (opened) => {
    if (!opened.ok) return opened;
    const transport = trace ? traced(opened.value, trace) : opened.value;
    const uri: SipUri = { scheme: 'sip', user: caller.callerUser, host: transport.localAddress, params: {} };
    const from: NameAddr = { displayName: caller.callerName, uri, params: {} };
    const routes = nextHop === target ? [] : [routeTo(nextHop)];
    return ok({ target, transport, from, route, routes, oddities: () => oddOf(opened.value, heard.malformedHeaders) });
  });
}

function locateEnds(targetText: string, { outboundProxy, transport, port }: SipCaller): MaybePromise<Result<Ends, PathError>> {
  const defaults = { transport, port };
  const located = locateSip(targetText, defaults);
  if (outboundProxy !== undefined) return locateBehind(outboundProxy, targetText, defaults, located);
  return whenKnown(located, (target) => (target.ok ? ok({ target: target.value, nextHop: target.value }) : target));
}

/** Behind a proxy the endpoint's name need not mean anything to us; media may then go to the proxy's machine alone. */
async function locateBehind(
  outboundProxy: string,
  targetText: string,
  { transport, port }: SipTargetDefaults,
  located: ReturnType<typeof locateSip>,
): Promise<Result<Ends, PathError>> {
  const target = await located;
  const proxy = await locateSip(outboundProxy, { transport });
  if (!proxy.ok) return err({ ...proxy.error, message: `outbound proxy: ${proxy.error.message}` });
  if (target.ok) return ok({ target: target.value, nextHop: proxy.value });
  const named = target.error.failure === 'unresolved' ? parseSipTarget(targetText, { transport, port }) : undefined;
  return named?.ok ? ok({ target: { ...named.value, address: proxy.value.address }, nextHop: proxy.value }) : target;
}

/** RFC 3261 section 8.1.2: a loose router as the preloaded route. */
function routeTo({ uri, host, port, transport }: SipTarget): string {
  const params = { ...(transport === 'UDP' ? {} : { transport: transport.toLowerCase() }), lr: '' };
  return `<${formatSipUri({ scheme: uri.scheme, host, port, params: uri.scheme === 'sips' ? { lr: '' } : params })}>`;
}

/** For the calls of a prober that is gone: from the port that their endpoints still send to, where it is free. */
export const reopenSipRoute = (
  route: SipRoute,
  path: Omit<SipPath, 'address' | 'port' | 'source'>,
): MaybePromise<Result<OpenSipTransport, PathError>> => openRoute(route, undefined, path);

function openRoute(
  { transport, host, address, port, source, caFile, certificateSha256 }: SipRoute,
  hub: SipUdpHub | undefined,
  { localPort, timeoutMs, signal, onMessage, onFailure }: Omit<SipPath, 'address' | 'port' | 'source'>,
): MaybePromise<Result<OpenSipTransport, PathError>> {
  const path: SipPath = { address, port, source, localPort, timeoutMs, signal, onMessage, onFailure };
  if (transport === 'TLS') return openSipTls(path, { host, caFile, certificateSha256 });
  const opening = transport === 'TCP' ? openSipTcp(path) : hub ? hub.open(path) : openSipUdp(path);
  return whenKnown(opening, (opened) =>
    opened.ok ? opened : err({ failure: opened.error, message: `${transport} path: ${opened.error}` }),
  );
}

const oddOf = ({ malformed, answeredFromPort, remoteAddress }: OpenSipTransport, malformedHeaders: number): PeerOddities => ({
  malformed: malformed || undefined,
  malformedHeaders: malformedHeaders || undefined,
  answeredFrom: answeredFromPort === undefined ? undefined : `${formatHost(remoteAddress)}:${answeredFromPort}`,
});

type Trace = (arrow: string, what: string | Uint8Array | SipMessage) => void;

function tracer({ trace, scheduler }: Pick<ProbeContext, 'trace' | 'scheduler'>): Trace | undefined {
  if (!trace) return undefined;
  const startMs = scheduler.monotonicMs();
  return (arrow, what) => {
    const atMs = (scheduler.monotonicMs() - startMs).toFixed(1).padStart(8);
    if (typeof what === 'string') return trace(`${atMs} ms ${arrow} ${what}`);
    const { summary, text } = readable(what);
    trace(`${atMs} ms ${arrow} ${summary}`);
    for (const line of text.trimEnd().split(/\r?\n/)) trace(`    ${printable(line)}`);
    trace('');
  };
}

const counted = ({ onMessage, onFailure }: SipListener, heard: { malformedHeaders: number }): SipListener => ({
  onMessage: (message, arrivalMs) => {
    heard.malformedHeaders += message.headers.malformedLines;
    onMessage(message, arrivalMs);
  },
  onFailure,
});

function tracedListener(listener: SipListener, trace: Trace): SipListener {
  return {
    onMessage: (message, arrivalMs) => {
      trace('<--', message);
      listener.onMessage(message, arrivalMs);
    },
    onFailure: (failure) => {
      trace('<-x', failure);
      listener.onFailure(failure);
    },
  };
}

function traced(transport: OpenSipTransport, trace: Trace): OpenSipTransport {
  return {
    protocol: transport.protocol,
    reliable: transport.reliable,
    localAddress: transport.localAddress,
    localPort: transport.localPort,
    remoteAddress: transport.remoteAddress,
    get malformed() {
      return transport.malformed;
    },
    get leftMs() {
      return transport.leftMs;
    },
    get answeredFromPort() {
      return transport.answeredFromPort;
    },
    send(message, port) {
      trace('-->', message);
      return transport.send(message, port);
    },
    unref: () => transport.unref(),
    close: () => transport.close(),
  };
}
