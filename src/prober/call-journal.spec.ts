import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StandingCall } from '../probes/standing-call.js';
import { COMPACT_BYTES, FileCallJournal, MAX_STANDING } from './call-journal.js';

const callOf = (callId: string, localCSeq = 1): StandingCall => ({
  route: { transport: 'UDP', host: '10.1.2.3', address: '10.1.2.3', port: 5060 },
  ticket: {
    callId,
    localPort: 5066,
    invite: 'INVITE sip:room@10.1.2.3 SIP/2.0\r\n\r\n',
    unanswered: false,
    dialogs: [{ callId, localParty: 'a', remoteParty: 'b', routeSet: [], remoteTarget: 'sip:c', localCSeq }],
  },
});
const idsOf = (calls: readonly StandingCall[]): string[] => calls.map(({ ticket }) => ticket.callId);

describe(FileCallJournal, () => {
  let directory: string;
  let living: number[];
  const problems: unknown[] = [];
  const open = (pid = 100): FileCallJournal =>
    new FileCallJournal(directory, {
      pid,
      isProber: (other) => living.includes(other),
      onError: (error) => problems.push(error),
    });

  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'calls-')), 'calls');
    living = [];
    problems.length = 0;
  });
  afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

  it('gives a successor the calls that had not ended, as they were last', () => {
    const journal = open();
    for (const id of ['a', 'b', 'c']) journal.note(callOf(id));
    journal.note(callOf('b', 2));
    journal.end('a');
    journal.end('never noted');
    expect(open(200).left).toEqual([callOf('c'), callOf('b', 2)]);
    expect(readdirSync(directory)).toEqual(['200.jsonl']);
  });

  it('is read also when nobody has ended the calls of the reader, or of a process of the same number', () => {
    open().note(callOf('a'));
    expect(idsOf(open(200).left)).toEqual(['a']);
    expect(idsOf(open(200).left)).toEqual(['a']);
    const next = open(300);
    next.end('a');
    next.close();
    expect(open(300).left).toEqual([]);
  });

  it('leaves the calls of a prober that lives alone', () => {
    open().note(callOf('theirs'));
    living = [100];
    const journal = open(200);
    expect(journal.left).toEqual([]);
    journal.close();
    expect(readdirSync(directory)).toEqual(['100.jsonl']);
  });

  it('leaves no file behind when nothing stands', () => {
    const journal = open();
    journal.note(callOf('a'));
    journal.end('a');
    journal.close();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('passes over what was torn or never ours', () => {
    const journal = open();
    journal.note(callOf('a'));
    const path = join(directory, '100.jsonl');
    const whole = readFileSync(path, 'utf8');
    const foreign = { ...callOf('x'), route: { ...callOf('x').route, address: 'not an address' } };
    appendFileSync(path, `null\n{"end":7}\n\u0000\n${JSON.stringify({ call: foreign })}\n${whole.slice(0, -40)}`);
    writeFileSync(join(directory, 'notes.txt'), whole);
    expect(idsOf(open(200).left)).toEqual(['a']);
    expect(existsSync(join(directory, 'notes.txt'))).toBe(true);
  });

  it('stays small, however many calls come and go', () => {
    const journal = open();
    for (let i = 0; i < 6_000; i++) {
      journal.note(callOf(`call-${i}`));
      if (i !== 10) journal.end(`call-${i}`);
    }
    expect(statSync(join(directory, '100.jsonl')).size).toBeLessThan(COMPACT_BYTES + 1024);
    expect(idsOf(open(200).left)).toEqual(['call-10']);
  });

  it('holds a bounded number of calls, the newest', () => {
    const journal = open();
    for (let i = 0; i < MAX_STANDING + 5; i++) journal.note(callOf(`call-${i}`));
    expect(open(200).left).toHaveLength(MAX_STANDING);
    expect(idsOf(open(200).left).at(-1)).toBe(`call-${MAX_STANDING + 4}`);
  });

  it('tells a file that it cannot write, and the call goes on', () => {
    const journal = open();
    journal.close();
    journal.note(callOf('a'));
    expect(problems).toMatchObject([{ code: 'EBADF' }]);
  });
});
