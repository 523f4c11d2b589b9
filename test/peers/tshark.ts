import { execFileSync } from 'node:child_process';

/** What the analyser makes of one packet. */
export interface Dissected {
  info: string;
  /** it could not read the packet to its end, or says that something in it is no good */
  complaints: string[];
  /** name of a field to its values, in the order of the packet */
  fields: Record<string, string[]>;
}

// no octet of a message stands for them
const SEPARATOR = '\u0001';
const AGGREGATOR = '\u0002';

/** @param decodeAs such as `tcp.port==40245,h245`, where nothing in the packets tells what they are */
export function dissect(file: string, fields: readonly string[], decodeAs: readonly string[] = []): Dissected[] {
  const args = ['-n', '-r', file, '-T', 'fields', '-E', `separator=${SEPARATOR}`, '-E', `aggregator=${AGGREGATOR}`];
  for (const rule of decodeAs) args.push('-d', rule);
  for (const field of ['_ws.col.Info', '_ws.expert.message', ...fields]) args.push('-e', field);
  const text = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [info = '', complaints = [], ...values] = line.split(SEPARATOR).map(split);
      const found = fields.flatMap((field, index) => (values[index]?.length ? [[field, values[index]] as const] : []));
      return { info: String(info), complaints: [...complaints], fields: Object.fromEntries(found) };
    });
}

const split = (column: string): string[] => (column === '' ? [] : column.split(AGGREGATOR));
