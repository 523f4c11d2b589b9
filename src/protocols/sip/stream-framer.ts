/**
 * Cuts a byte stream into messages: RFC 3261 sections 18.3 and 7.5, RFC 5626 section 4.4.1 for keep-alives.
 *
 * Collects bytes; skips CRLF between messages; at the empty line reads Content-Length and waits for that many bytes of body.
 * A stream carries no second chance to find the next message, so after a head that cannot be framed the framer is broken:
 * it says so once and swallows what follows; the owner closes the connection. A message that frames but does not parse is
 * one error and the stream goes on.
 */
import { err, ok, type Result } from '../../common/result.js';
import { MAX_MESSAGE_BYTES, parseSipMessage, type SipMessage } from './message.js';
import { contentLengthOf, readHead } from './message-head.js';

const CR = 0x0d;
const LF = 0x0a;

export class SipStreamFramer {
  private buffer: Uint8Array = new Uint8Array(0);
  private isBroken = false;

  /** True after an error that loses the message boundaries: the connection is to be closed. */
  get broken(): boolean {
    return this.isBroken;
  }

  push(chunk: Uint8Array): Result<SipMessage>[] {
    if (this.isBroken) return [];
    this.buffer = join(this.buffer, chunk);
    const messages: Result<SipMessage>[] = [];
    let length = this.nextLength();
    while (length.ok && length.value !== undefined) {
      messages.push(parseSipMessage(this.buffer.subarray(0, length.value)));
      this.buffer = this.buffer.slice(length.value);
      length = this.nextLength();
    }
    if (!length.ok) messages.push(this.breakOff(length.error));
    return messages;
  }

  /** The length of the whole message at the front of the buffer; undefined while bytes are missing. */
  private nextLength(): Result<number | undefined> {
    this.skipKeepAlives();
    const head = readHead(this.buffer);
    if (!head.ok) return head;
    if (!head.value) return this.buffer.length > MAX_MESSAGE_BYTES ? err('headers are longer than 64 KiB') : ok(undefined);
    const contentLength = contentLengthOf(head.value.headers);
    if (!contentLength.ok) return contentLength;
    const total = head.value.bodyStart + (contentLength.value ?? 0);
    if (total > MAX_MESSAGE_BYTES) return err('message is longer than 64 KiB');
    return ok(total <= this.buffer.length ? total : undefined);
  }

  private skipKeepAlives(): void {
    let at = 0;
    while (this.buffer[at] === CR || this.buffer[at] === LF) at++;
    if (at > 0) this.buffer = this.buffer.slice(at);
  }

  private breakOff(error: string): Result<SipMessage> {
    this.isBroken = true;
    this.buffer = new Uint8Array(0);
    return err(error);
  }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
