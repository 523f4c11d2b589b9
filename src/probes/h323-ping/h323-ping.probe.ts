import { BoundedStream } from '../../net/h323/bounded-stream.js';
import { connectTcp } from '../../net/tcp-connect.js';
import { formatQ931, Q931_TYPES } from '../../protocols/h323/q931.js';
import { formatTpkt } from '../../protocols/h323/tpkt-framer.js';
import { onAbort } from '../abort.js';
import type { Outcome, Probe, ProbeContext, ProbeRequest } from '../contract.js';
import { locateH323 } from '../endpoint-address.js';
import { inconclusive, rounded, startOutcome } from '../outcome.js';
import { judgePathFailure } from '../reach.verdict.js';
import { type H323PingOptions, h323PingOptions } from './h323-ping.options.js';
import { judgePing, type PingAnswer } from './h323-ping.verdict.js';

export const h323PingProbe: Probe<'h323-ping', H323PingOptions> = { kind: 'h323-ping', options: h323PingOptions, run };

type Socket = Extract<Awaited<ReturnType<typeof connectTcp>>, { ok: true }>['value'];

/** A connection, STATUS ENQUIRY about no call, an orderly close: nothing rings, nothing is shown in the room. */
async function run(request: ProbeRequest<H323PingOptions>, context: ProbeContext): Promise<Outcome> {
  const { options } = request;
  const { scheduler, signal } = context;
  const finish = startOutcome('h323-ping', request, context);
  if (signal.aborted) return finish(inconclusive('aborted'));
  const target = await locateH323(request.target);
  if (!target.ok) return finish({ ...judgePathFailure(target.error.failure), detail: { message: target.error.message } });

  const { address, port = options.port } = target.value;
  const beganMs = scheduler.monotonicMs();
  const connected = await connectTcp({ address, port, source: options.source, timeoutMs: options.timeoutS * 1000, signal });
  if (!connected.ok) {
    const verdict = judgePing({ failure: connected.error }, options.statusEnquiry);
    return finish({ ...verdict, detail: { address, port, failure: connected.error } });
  }
  const connectMs = rounded(scheduler.monotonicMs() - beganMs);
  const answer = await ask(connected.value, options, context);
  const answerMs = answer === 'answered' || answer === 'closed' ? rounded(scheduler.monotonicMs() - beganMs) : undefined;
  const { note, ...verdict } = judgePing({ answer }, options.statusEnquiry);
  return finish({
    ...verdict,
    rttMs: connectMs,
    measures: { connectMs, answerMs },
    detail: { address, port, statusEnquiry: answer, note },
  });
}

function ask(socket: Socket, options: H323PingOptions, { scheduler, signal, random }: ProbeContext): Promise<PingAnswer> {
  return new Promise((resolve) => {
    const settle = (answer: PingAnswer): void => {
      cancelLimit();
      stopWatching();
      stream.close();
      resolve(answer);
    };
    const stream = new BoundedStream(socket, { onData: () => settle('answered'), onLost: () => settle('closed') });
    const cancelLimit = scheduler.after(options.timeoutS * 1000, () => settle('silent'));
    let stopWatching = (): void => undefined;
    if (options.statusEnquiry === 'off') return settle('not-asked');
    stream.send(statusEnquiry((random.uint32() % 0x7fff) + 1));
    stopWatching = onAbort(signal, () => settle('aborted'));
  });
}

/** Q.931 section 3.1.16, about a call that there is not. */
const statusEnquiry = (callReference: number): Uint8Array =>
  formatTpkt(formatQ931({ callReference, fromDestination: false, type: Q931_TYPES.statusEnquiry, elements: [] }));
