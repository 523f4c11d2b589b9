/** A message as SIPp logged it: its start line, and its headers in their order, with their long names as they were written. */
export interface LoggedMessage {
  direction: 'received' | 'sent';
  startLine: string;
  headers: [name: string, value: string][];
  body: string;
}

const ENTRY = /^-{20,} .*\n\S+ message (received|sent) [[(]\d+[\])]? bytes\)? ?:\n\n/gm;

/** The file that `-trace_msg` writes. */
export function readMessageLog(text: string): LoggedMessage[] {
  const starts = [...text.matchAll(ENTRY)];
  return starts.map((start, i) => {
    const content = text.slice(start.index + start[0].length, starts[i + 1]?.index).replaceAll('\r\n', '\n');
    const [head = '', ...body] = content.split('\n\n');
    const [startLine = '', ...lines] = head.split('\n');
    return {
      direction: start[1] as LoggedMessage['direction'],
      startLine,
      headers: lines.map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]),
      body: body.join('\n\n'),
    };
  });
}

export const headerOf = (message: LoggedMessage, name: string): string => headersOf(message, name)[0] ?? '';
export const headersOf = (message: LoggedMessage, name: string): string[] =>
  message.headers.filter(([other]) => other.toLowerCase() === name.toLowerCase()).map(([, value]) => value);

export const methodOf = (message: LoggedMessage): string => headerOf(message, 'CSeq').split(/\s+/)[1] ?? '';
export const cseqOf = (message: LoggedMessage): number => Number(headerOf(message, 'CSeq').split(/\s+/)[0]);
export const statusOf = (message: LoggedMessage): number => Number(/^SIP\/2\.0 (\d{3})/.exec(message.startLine)?.[1] ?? 0);
export const tagIn = (party: string): string => /;tag=([^;\s]+)/.exec(party)?.[1] ?? '';
export const branchOf = (message: LoggedMessage): string => /;branch=([^;\s]+)/.exec(headerOf(message, 'Via'))?.[1] ?? '';

/** The requests we sent to the peer, of one method. */
export const requestsIn = (messages: LoggedMessage[], method: string): LoggedMessage[] =>
  messages.filter(({ direction, startLine }) => direction === 'received' && startLine.startsWith(`${method} `));
