/**
 * Who of two is master (H.245 section 6.3, annex C.2): the larger terminal type, or else which of two random numbers is ahead
 * of the other on a circle of 2^24. Some stacks never begin it, others open nothing before it is done.
 */
import type { RandomSource } from '../../common/random.js';
import type { MultimediaSystemControlMessage } from './messages/h245-message.js';
import type { MasterSlaveDetermination } from './messages/h245-control.js';

export type Role = 'master' | 'slave';

/** H.323 table 3: a terminal without an MC. */
const TERMINAL = 50;
const CIRCLE = 1 << 24;
/** N100 (annex C.2.5): a far end that always draws our number is no far end. */
const MAX_ATTEMPTS = 3;

type Answer = Extract<MultimediaSystemControlMessage, { response: unknown }>['response'];

export class MasterSlave {
  private number: number;
  private attempts = 0;
  private acknowledged = false;
  private decided?: Role;

  constructor(
    private readonly random: Pick<RandomSource, 'uint32'>,
    private readonly send: (message: MultimediaSystemControlMessage) => void,
  ) {
    this.number = random.uint32() % CIRCLE;
  }

  /** Both sides know: ours was acknowledged, or theirs was and they confirmed it. */
  get role(): Role | undefined {
    return this.decided;
  }

  begin(): void {
    if (this.acknowledged || this.attempts >= MAX_ATTEMPTS) return;
    this.attempts++;
    const masterSlaveDetermination = { terminalType: TERMINAL, statusDeterminationNumber: this.number };
    this.send({ request: { masterSlaveDetermination } });
  }

  determine({ terminalType, statusDeterminationNumber }: MasterSlaveDetermination): void {
    const ahead = (statusDeterminationNumber - this.number + CIRCLE) % CIRCLE;
    if (terminalType === TERMINAL && ahead % (CIRCLE / 2) === 0) return this.reject();
    const weAreMaster = terminalType === TERMINAL ? ahead < CIRCLE / 2 : TERMINAL > terminalType;
    this.acknowledge(weAreMaster ? 'slave' : 'master');
  }

  /** @param ours what the far end says that we are; it completes the exchange, and ours, where that did not go out yet */
  acknowledgedAs(ours: Role): void {
    this.decided = ours;
    if (!this.acknowledged) this.acknowledge(ours === 'master' ? 'slave' : 'master');
  }

  /** The far end could not decide: another number. */
  rejected(): void {
    this.number = this.random.uint32() % CIRCLE;
    this.begin();
  }

  private acknowledge(theirs: Role): void {
    this.acknowledged = true;
    const decision = theirs === 'master' ? { master: null } : { slave: null };
    this.respond({ masterSlaveDeterminationAck: { decision } });
  }

  private reject(): void {
    this.number = this.random.uint32() % CIRCLE;
    this.respond({ masterSlaveDeterminationReject: { cause: { identicalNumbers: null } } });
  }

  private respond(response: Answer): void {
    this.send({ response });
  }
}
