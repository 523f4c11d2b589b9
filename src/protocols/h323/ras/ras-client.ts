/**
 * One registration at one gatekeeper, and the calls that it admits (H.225.0 section 7, RAS). Pure: a datagram in, datagrams and
 * timers out.
 *
 *   idle --first wish--> discovering --GCF--> registering --RCF--> registered --close--> closed (URQ)
 *                            |                    |                  |   ^
 *                          GRJ, nothing         RRJ, nothing         +---+ RRQ at half of the time to live
 *                            +--------> idle <----+                  |
 *                                                                    +-- URQ of the gatekeeper, RRJ, nothing: discovering
 *
 * Wishes that came before the registration wait for it; where it fails, they are told why. It is tried anew with the next wish,
 * and not by itself: a gatekeeper that is away is seen by the calls that need it.
 */
import type { Cancel, Scheduler } from '../../../common/clock.js';
import type { RandomSource } from '../../../common/random.js';
import { signalPlaceOf } from '../call-messages.js';
import { decodePer, encodePer } from '../per/schema.js';
import { RasMessage } from './ras-message.js';
import {
  admissionRequest,
  disengageRequest,
  gatekeeperRequest,
  infoRequestResponse,
  registrationRequest,
  unregistrationRequest,
  type Registered,
} from './ras-messages.js';
import type { RegistrationConfirm } from './ras-registration.js';
import { RAS_LIMITS, RasRequests, type RasLimits } from './ras-requests.js';
import type { Admission, AdmissionWish, RasConfig, RasState, RasStep } from './ras-types.js';

export interface RasDeps {
  scheduler: Scheduler;
  random: Pick<RandomSource, 'uint32'>;
  /** to the gatekeeper */
  send(octets: Uint8Array): void;
  limits?: RasLimits;
}

type Told = (admission: Admission) => void;
type Failure = Exclude<Admission, { kind: 'admitted' }>;

export class RasClient {
  private current: RasState = 'idle';
  private readonly requests: RasRequests;
  private readonly limits: RasLimits;
  private readonly waiting: { wish: AdmissionWish; told: Told }[] = [];
  /** wishes that the gatekeeper was asked for and has not answered */
  private readonly asked = new Set<Told>();
  private gatekeeperIdentifier: string | undefined;
  private registered: Registered | undefined;
  private cancelKeepAlive: Cancel | undefined;

  constructor(
    private readonly config: RasConfig,
    private readonly deps: RasDeps,
  ) {
    this.limits = deps.limits ?? RAS_LIMITS;
    this.requests = new RasRequests(deps.scheduler, (octets) => deps.send(octets), deps.random.uint32());
  }

  get state(): RasState {
    return this.current;
  }

  /** @param told once, in any case */
  admit(wish: AdmissionWish, told: Told): void {
    if (this.current === 'closed') return told({ kind: 'closed' });
    if (this.registered) return this.ask(this.registered, wish, told);
    this.waiting.push({ wish, told });
    if (this.current === 'idle') this.discover();
  }

  /** Octets that are no RAS message, and answers that nobody waits for, are passed over. */
  receive(octets: Uint8Array): void {
    const decoded = decodePer(RasMessage, octets);
    if (!decoded.ok || this.current === 'closed') return;
    const { value } = decoded;
    if ('requestInProgress' in value)
      return this.requests.postpone(value.requestInProgress.requestSeqNum, value.requestInProgress.delay);
    if ('unregistrationRequest' in value) return this.unregisteredBy(value.unregistrationRequest.requestSeqNum);
    if ('disengageRequest' in value)
      return this.say({ disengageConfirm: { requestSeqNum: value.disengageRequest.requestSeqNum } });
    if ('infoRequest' in value) return this.inform(value.infoRequest.requestSeqNum);
    if ('otherAddition' in value) return;
    const [{ requestSeqNum }] = Object.values(value) as [{ requestSeqNum: number }];
    this.requests.answer(requestSeqNum, value);
  }

  /** The host says that no gatekeeper is at this port: nothing is waited for any longer. */
  unreachable(): void {
    this.requests.giveUp();
  }

  /** One URQ, whose answer is not waited for: the process may end now. Idempotent. */
  close(): void {
    if (this.current === 'closed') return;
    const { registered } = this;
    this.forget('closed');
    this.requests.clear();
    if (registered) this.say(unregistrationRequest(this.config, registered, 1 + (this.deps.random.uint32() % 65_535)));
    this.tell({ kind: 'closed' });
    for (const told of this.asked) told({ kind: 'closed' });
    this.asked.clear();
  }

  private discover(): void {
    this.forget('discovering');
    this.requests.ask(
      (number) => gatekeeperRequest(this.config, number),
      this.limits.discovery,
      (answer) => {
        if (answer && 'gatekeeperConfirm' in answer) {
          this.gatekeeperIdentifier = answer.gatekeeperConfirm.gatekeeperIdentifier;
          return this.register(undefined);
        }
        this.fail('discovery', answer && 'gatekeeperReject' in answer ? answer.gatekeeperReject.rejectReason : undefined, answer);
      },
    );
  }

  /** @param known to be kept alive; undefined: from the beginning */
  private register(known: Registered | undefined): void {
    if (!known) this.current = 'registering';
    const message = (number: number): RasMessage => registrationRequest(this.config, this.gatekeeperIdentifier, known, number);
    this.requests.ask(message, this.limits.registration, (answer) => {
      if (answer && 'registrationConfirm' in answer) return this.confirmed(answer.registrationConfirm);
      // a registration that could not be kept is made anew from the beginning, whatever was wrong with it
      if (known) return this.discover();
      this.fail(
        'registration',
        answer && 'registrationReject' in answer ? answer.registrationReject.rejectReason : undefined,
        answer,
      );
    });
  }

  private confirmed({ endpointIdentifier, gatekeeperIdentifier, timeToLive }: RegistrationConfirm): void {
    this.current = 'registered';
    const known = { endpointIdentifier, gatekeeperIdentifier: gatekeeperIdentifier ?? this.gatekeeperIdentifier };
    this.registered = known;
    const liveS = Math.min(timeToLive ?? this.config.timeToLiveS, this.config.timeToLiveS);
    this.cancelKeepAlive?.();
    this.cancelKeepAlive = this.deps.scheduler.after((liveS * 1000) / 2, () => this.register(known));
    for (const { wish, told } of this.waiting.splice(0)) this.ask(known, wish, told);
  }

  private ask(known: Registered, wish: AdmissionWish, told: Told): void {
    this.asked.add(told);
    this.requests.ask(
      (number) => admissionRequest(this.config, known, wish, number),
      this.limits.admission,
      (answer) => {
        this.asked.delete(told);
        told(this.admissionOf(answer, known, wish));
      },
    );
  }

  private admissionOf(answer: RasMessage | undefined, known: Registered, wish: AdmissionWish): Admission {
    if (answer && 'admissionConfirm' in answer) {
      const { destCallSignalAddress, callModel } = answer.admissionConfirm;
      const target = signalPlaceOf(destCallSignalAddress);
      const release = once(() => this.disengage(known, wish));
      if (target)
        return { kind: 'admitted', target, model: 'gatekeeperRouted' in callModel ? 'gatekeeperRouted' : 'direct', release };
      release();
      return { kind: 'refused', step: 'admission', reason: 'an address that is none of IPv4' };
    }
    return failureOf(
      'admission',
      answer && 'admissionReject' in answer ? answer.admissionReject.rejectReason : undefined,
      answer,
    );
  }

  private disengage(known: Registered, wish: AdmissionWish): void {
    if (this.current === 'closed') return;
    // told as often as the gatekeeper needs to hear it; what it says to it changes nothing
    this.requests.ask(
      (number) => disengageRequest(known, wish, number),
      this.limits.disengage,
      () => undefined,
    );
  }

  private unregisteredBy(requestSeqNum: number): void {
    this.say({ unregistrationConfirm: { requestSeqNum } });
    this.forget('idle');
    if (this.waiting.length > 0) this.discover();
  }

  private inform(requestSeqNum: number): void {
    if (this.registered) this.say(infoRequestResponse(this.config, this.registered, requestSeqNum));
  }

  private fail(step: RasStep, reason: object | undefined, answer: RasMessage | undefined): void {
    this.forget('idle');
    this.tell(failureOf(step, reason, answer));
  }

  private tell(failure: Failure): void {
    for (const { told } of this.waiting.splice(0)) told(failure);
  }

  private forget(next: RasState): void {
    this.current = next;
    this.registered = undefined;
    this.cancelKeepAlive?.();
    this.cancelKeepAlive = undefined;
  }

  private say(message: RasMessage): void {
    this.deps.send(encodePer(RasMessage, message));
  }
}

/** @param reason a choice: its alternative is the name */
function failureOf(step: RasStep, reason: object | undefined, answer: RasMessage | undefined): Failure {
  if (!answer) return { kind: 'no-answer', step };
  const name = reason && Object.keys(reason)[0];
  return { kind: 'refused', step, reason: name === undefined || name === 'otherAddition' ? 'undefinedReason' : name };
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
}
