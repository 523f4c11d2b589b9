import type { IcmpFacts } from './icmp-engine.js';

type Unreachable = NonNullable<IcmpFacts['unreachable']>;

/** RFC 792 / RFC 4443 errors in the words of iputils; first match wins. */
const ERRORS: [RegExp, Unreachable['type']][] = [
  [/frag(mentation)? needed|too big/i, 'fragmentation-needed'],
  [/time to live exceeded|hop limit exceeded|time exceeded/i, 'ttl-exceeded'],
  [/prohibited|filtered|administratively/i, 'admin'],
  [/destination net(work)? |no route/i, 'net'],
  [/destination host |address unreachable/i, 'host'],
  [/destination port |port unreachable/i, 'port'],
  [/protocol unreachable/i, 'protocol'],
  [/unreachable/i, 'other'],
];

const REPLY = /^\d+ bytes from .*icmp_seq=(\d+)\b(?:.*\bttl=(\d+))?.*\btime[=<]([\d.]+) ms/;
const ERROR = /^From (\S+?)(?: \(\S+\))?:? icmp_seq=\d+ (.+)$/;
const SUMMARY = /^(\d+) packets transmitted/;
const COMPLAINT = /^(?:ping6?|connect): (.+)$/;

/** Reads what `ping` of iputils printed in the C locale. Numbers that it did not print stay absent. */
export function readPingOutput(output: string, count: number): IcmpFacts {
  const rttMs: (number | null)[] = new Array<number | null>(count).fill(null);
  const facts: IcmpFacts = { sent: 0, rttMs, clock: 'user' };
  let complaint: string | undefined;
  for (const line of output.split('\n')) {
    if (readReply(line, facts)) continue;
    const error = ERROR.exec(line);
    if (error) facts.unreachable ??= { type: errorType(error[2] ?? ''), from: error[1]?.replace(/:$/, '') };
    facts.sent = Number(SUMMARY.exec(line)?.[1] ?? facts.sent);
    complaint ??= COMPLAINT.exec(line)?.[1];
  }
  if (facts.sent === 0) facts.failure = failureOf(complaint ?? 'ping printed no summary');
  else rttMs.length = Math.min(facts.sent, count);
  return facts;
}

function readReply(line: string, facts: IcmpFacts): boolean {
  const reply = REPLY.exec(line);
  if (!reply) return false;
  const index = Number(reply[1]) - 1;
  if (index < 0 || index >= facts.rttMs.length) return true;
  if (facts.rttMs[index] !== null) facts.duplicates = (facts.duplicates ?? 0) + 1;
  else facts.rttMs[index] = Number(reply[3]);
  if (reply[2]) facts.ttl ??= Number(reply[2]);
  return true;
}

const errorType = (text: string): Unreachable['type'] => ERRORS.find(([pattern]) => pattern.test(text))?.[1] ?? 'other';

function failureOf(message: string): NonNullable<IcmpFacts['failure']> {
  if (/unreachable|cannot assign|invalid argument|no route/i.test(message)) return { code: 'no-route', message };
  if (/not known|resolution|hostname/i.test(message)) return { code: 'resolve-failed', message };
  return { code: 'unavailable-here', message };
}
