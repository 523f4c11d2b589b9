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

export class CallLadder {
  readonly entries: LadderEntry[] = [];
  private readonly startMs: number;

  constructor(private readonly scheduler: Scheduler) {
    this.startMs = scheduler.monotonicMs();
  }

  record(direction: LadderEntry['direction'], bytes: Uint8Array): void {
    if (this.entries.length >= MAX_LADDER_ENTRIES) return;
    const text = redactSecrets(new TextDecoder().decode(bytes.subarray(0, 2 * MAX_LADDER_TEXT))).slice(0, MAX_LADDER_TEXT);
    const atMs = this.scheduler.monotonicMs() - this.startMs;
    this.entries.push({ atMs, direction, summary: summaryOf(text), text });
  }

  received(message: SipMessage): void {
    this.record('received', serializeSipMessage(message));
  }

  /** A transport that notes what passes through it. */
  watch(transport: SipTransport): SipTransport {
    return {
      protocol: transport.protocol,
      reliable: transport.reliable,
      localAddress: transport.localAddress,
      localPort: transport.localPort,
      send: (message) => {
        this.record('sent', message);
        transport.send(message);
      },
    };
  }
}

function summaryOf(text: string): string {
  const startLine = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  return startLine
    .replace(/^SIP\/2\.0 /i, '')
    .replace(/ SIP\/2\.0$/i, '')
    .slice(0, 200);
}
