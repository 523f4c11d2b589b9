/** The message ladder of a call: evidence for people. Bounded, and free of credentials and media keys. */
import type { Scheduler } from '../../common/clock.js';
import type { LadderEntry } from './call-events.js';
import { serializeSipMessage, type SipMessage } from './message.js';
import type { SipTransport } from './transport.js';

export const MAX_LADDER_ENTRIES = 60;
export const MAX_LADDER_TEXT = 4_096;

const CREDENTIAL_HEADER = /^((?:Proxy-)?Authorization[ \t]*:)[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*/gim;
const MEDIA_KEY = /^(a=(?:crypto|key-mgmt)[^\r\n]{0,80}?(?:inline:|mikey )|k=)[^\r\n]*/gim;
const URI_PASSWORD = /(sips?:[^\s:@<>"]{1,256}):[^\s@<>"]{1,256}@/gi;

function redactSecrets(text: string): string {
  return text.replace(CREDENTIAL_HEADER, '$1 (removed)').replace(MEDIA_KEY, '$1(removed)').replace(URI_PASSWORD, '$1:(removed)@');
}

/** As it passed by; its text is made of it when somebody asks. */
interface Noted {
  atMs: number;
  direction: LadderEntry['direction'];
  /** never changed by whoever sent or received it */
  message: Uint8Array | SipMessage;
}

/** So many wait unrendered, which bounds what a peer's largest messages can make us hold; an OPTIONS that passes has two. */
const MOST_UNRENDERED = 4;

export class CallLadder {
  private readonly rendered: LadderEntry[] = [];
  private noted: Noted[] = [];
  private count = 0;
  private readonly startMs: number;

  constructor(private readonly scheduler: Scheduler) {
    this.startMs = scheduler.monotonicMs();
  }

  /** Rendered here and not as it happens: it is kept of failures only, and cost 11 us of each OPTIONS that passed. */
  get entries(): LadderEntry[] {
    for (const one of this.noted) this.rendered.push(render(one));
    this.noted = [];
    return this.rendered;
  }

  record(direction: LadderEntry['direction'], message: Uint8Array | SipMessage): void {
    if (this.count >= MAX_LADDER_ENTRIES) return;
    this.count++;
    this.noted.push({ atMs: this.scheduler.monotonicMs() - this.startMs, direction, message });
    if (this.noted.length > MOST_UNRENDERED) void this.entries;
  }

  received(message: SipMessage): void {
    this.record('received', message);
  }

  /** A transport that notes what passes through it. */
  watch(transport: SipTransport): SipTransport {
    return {
      protocol: transport.protocol,
      reliable: transport.reliable,
      localAddress: transport.localAddress,
      localPort: transport.localPort,
      remoteAddress: transport.remoteAddress,
      send: (message, port) => {
        this.record('sent', message);
        return transport.send(message, port);
      },
    };
  }
}

const render = ({ atMs, direction, message }: Noted): LadderEntry => ({ atMs, direction, ...readable(message) });

/** A message for people: cut to 4 KiB, without credentials and media keys. */
export function readable(message: Uint8Array | SipMessage): Pick<LadderEntry, 'summary' | 'text'> {
  const bytes = message instanceof Uint8Array ? message : serializeSipMessage(message);
  const text = redactSecrets(new TextDecoder().decode(bytes.subarray(0, 2 * MAX_LADDER_TEXT))).slice(0, MAX_LADDER_TEXT);
  return { summary: summaryOf(text), text };
}

function summaryOf(text: string): string {
  const startLine = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  return startLine
    .replace(/^SIP\/2\.0 /i, '')
    .replace(/ SIP\/2\.0$/i, '')
    .slice(0, 200);
}
