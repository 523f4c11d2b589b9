/**
 * Where a request inside a dialog is sent. RFC 3261 section 8.1.2 sends it to the first Route, else to the remote target. We send
 * to nobody but the peer we were told to test: of that URI only the port is followed, and only where its host is the peer's own
 * address. What names another host goes to the port that the transport was opened to, as does all that leads outside dialogs.
 */
import type { Dialog } from './dialog.js';
import type { SipTransport } from './transport.js';
import type { SipUri } from './uri.js';

/** Nobody may be listening where a Contact points: from the third copy on a request goes where the INVITE was heard. */
const COPIES_TO_CONTACT = 2;

/** The way to the other side of a dialog, for one request and its copies. */
export function wayInto(dialog: Dialog, transport: SipTransport): SipTransport {
  const { destination } = dialog;
  const port = destination && isAtPeer(destination, transport) ? portFor(destination, transport) : undefined;
  return towardsPort(transport, port, COPIES_TO_CONTACT);
}

/** The host that a dialog wants its requests sent to, where it is not our peer and we do not. */
export function elsewhere(dialog: Dialog, transport: SipTransport): string | undefined {
  const { destination } = dialog;
  return destination && !isAtPeer(destination, transport) ? destination.host : undefined;
}

/** @param copies so many go to that port, the others to the transport's own */
export function towardsPort(transport: SipTransport, port: number | undefined, copies = Infinity): SipTransport {
  if (port === undefined || transport.reliable) return transport;
  const { protocol, reliable, localAddress, localPort, remoteAddress } = transport;
  let sent = 0;
  return {
    protocol,
    reliable,
    localAddress,
    localPort,
    remoteAddress,
    send: (message) => transport.send(message, sent++ < copies ? port : undefined),
  };
}

const isAtPeer = ({ host }: SipUri, { remoteAddress }: SipTransport): boolean => canonical(host) === canonical(remoteAddress);

/**
 * A port that is not written stays the one that answered: section 19.1.2 means 5060 by it, but a device that was heard at another
 * port is more likely to have left it out. A URI of another protocol says nothing about our port.
 */
function portFor({ scheme, port, params }: SipUri, { protocol }: SipTransport): number | undefined {
  const wanted = params['transport'];
  return scheme === 'sip' && (wanted === undefined || wanted.toUpperCase() === protocol) ? port : undefined;
}

/** One spelling for each IPv6 address (RFC 5952). */
function canonical(host: string): string {
  return host.includes(':') && URL.canParse(`http://[${host}]`) ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host;
}
