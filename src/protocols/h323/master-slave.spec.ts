import { MasterSlave } from './master-slave.js';
import type { MultimediaSystemControlMessage } from './messages/h245-message.js';

const OURS = 0x5bd7b5;

function side(...numbers: number[]) {
  const sent: MultimediaSystemControlMessage[] = [];
  let at = 0;
  const masterSlave = new MasterSlave({ uint32: () => numbers[at++] ?? 1 }, (message) => void sent.push(message));
  return { masterSlave, sent };
}
const ackOf = (decision: object) => ({ response: { masterSlaveDeterminationAck: { decision } } });

describe('MasterSlave', () => {
  it.each([
    ['captured: H323Plus was ahead by more than half of the circle', 50, 0xea7cd1, { master: null }],
    ['ahead by less', 50, OURS + 1, { slave: null }],
    ['behind, across the end of the circle', 50, OURS - 1, { master: null }],
    ['an MCU, whatever its number', 190, OURS + 1, { master: null }],
    ['a lesser kind of terminal', 40, 0xea7cd1, { slave: null }],
  ])('%s: its role is told to it', (_what, terminalType, statusDeterminationNumber, decision) => {
    const { masterSlave, sent } = side(OURS);
    masterSlave.determine({ terminalType, statusDeterminationNumber });
    expect(sent).toEqual([ackOf(decision)]);
    expect(masterSlave.role).toBeUndefined();
    masterSlave.acknowledgedAs('master' in decision ? 'slave' : 'master');
    expect(masterSlave.role).toBe('master' in decision ? 'slave' : 'master');
    expect(sent).toHaveLength(1);
  });

  it.each([OURS, (OURS + 0x800000) % 0x1000000])('cannot decide by the number %d, and draws another', (number) => {
    const { masterSlave, sent } = side(OURS, 7);
    masterSlave.determine({ terminalType: 50, statusDeterminationNumber: number });
    masterSlave.begin();
    expect(sent).toMatchObject([
      { response: { masterSlaveDeterminationReject: {} } },
      { request: { masterSlaveDetermination: { terminalType: 50, statusDeterminationNumber: 7 } } },
    ]);
  });

  it('answers an acknowledgement with its own, once', () => {
    const { masterSlave, sent } = side(OURS);
    masterSlave.begin();
    masterSlave.acknowledgedAs('slave');
    masterSlave.acknowledgedAs('slave');
    expect(sent.slice(1)).toEqual([ackOf({ master: null })]);
  });

  it('gives up on a far end that can never decide', () => {
    const { masterSlave, sent } = side(OURS);
    masterSlave.begin();
    for (let i = 0; i < 10; i++) masterSlave.rejected();
    expect(sent).toHaveLength(3);
  });
});
