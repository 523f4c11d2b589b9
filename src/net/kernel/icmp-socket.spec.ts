import { internetChecksum, writeEchoRequest } from '../../protocols/icmp/icmp-message.js';
import { IcmpSocket } from './icmp-socket.js';

const TIMESTAMP_BYTES = 20;

/** RFC 792: a machine answers 13 with 14, of which a monitor has no use. */
function timestampRequest(): Buffer {
  const message = Buffer.alloc(TIMESTAMP_BYTES);
  message[0] = 13;
  message.writeUInt16BE(internetChecksum(message), 2);
  return message;
}

function echoRequest(family: 4 | 6): { message: Buffer; length: number } {
  const message = Buffer.alloc(128);
  return { message, length: writeEchoRequest(message, { family, id: 7, sequence: 1, payload: Buffer.alloc(56) }) };
}

const probe = IcmpSocket.open(4, { message: () => undefined, error: () => undefined }, { prefer: 'raw' });
if (probe.ok) probe.value.close();

(probe.ok ? describe : describe.skip)('a raw ICMP socket (needs CAP_NET_RAW)', () => {
  // on loopback it would see our own requests too: ICMP_FILTER is what keeps them, and all that the machine is told, out
  it.each([
    { family: 4, address: '127.0.0.1', reply: 0, others: [timestampRequest()] },
    { family: 6, address: '::1', reply: 129, others: [] },
  ] as const)('gets only what it asked for: IPv$family', async ({ family, address, reply, others }) => {
    const types: (number | undefined)[] = [];
    let answered = (): void => undefined;
    const message = (icmp: Buffer): void => {
      types.push(icmp[0]);
      if (icmp[0] === reply) answered();
    };
    const opened = IcmpSocket.open(family, { message, error: () => undefined }, { prefer: 'raw' });
    if (!opened.ok) throw new Error(opened.error);
    opened.value.setWaiting(true);
    for (const other of others) opened.value.send(other, other.length, address);
    const echo = echoRequest(family);
    opened.value.send(echo.message, echo.length, address);
    // the last that was sent: whatever else the socket lets through came before it
    await new Promise<void>((resolve) => (answered = resolve));
    opened.value.close();
    expect(types).toEqual([reply]);
  });
});
