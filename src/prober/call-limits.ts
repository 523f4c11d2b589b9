import { ADMISSION_MOST_MS } from '../net/gatekeepers.js';
import { H323_TIMERS } from '../protocols/h323/call-types.js';
import { type CallKind, isCallKind } from '../probes/contract.js';
import { CONNECT_S, type H323CallOptions, h323CallOptions } from '../probes/h323-call/h323-call.options.js';
import { DIALOG_STATE_S, type SipCallOptions, sipCallOptions } from '../probes/sip-call/sip-call.options.js';
import type { PlanItem } from './messages.js';

const SIP_DEFAULTS = sipCallOptions.parse({});
const H323_DEFAULTS = h323CallOptions.parse({});
/** A name to resolve, the digest's second round, BYE and its wait of 4 s. */
const SLACK_S = 10;

const MAY_LAST_S: Record<CallKind, (options: Readonly<Record<string, unknown>>) => number> = {
  'sip-call': (given) => {
    const { noProvisionalS, ringS, holdS, encryption, dialogState }: SipCallOptions = { ...SIP_DEFAULTS, ...given };
    // a connection is opened for as long as a provisional response is awaited
    const setupS = 2 * noProvisionalS + ringS;
    return (encryption === 'auto' ? 2 : 1) * setupS + holdS + (dialogState ? DIALOG_STATE_S : 0) + SLACK_S;
  },
  'h323-call': (given) => {
    const { holdS, followTo, gatekeeper }: H323CallOptions = { ...H323_DEFAULTS, ...given };
    const setupS = CONNECT_S + H323_TIMERS.setupMs / 1_000;
    const admissionS = gatekeeper ? ADMISSION_MOST_MS / 1_000 : 0;
    return admissionS + (followTo.length > 0 ? 2 : 1) * setupS + holdS + SLACK_S;
  },
};

/** Of an item of the plan, with the call that it may fall back to; 0: it is no call. */
export const itemMayLastMs = ({ kind, options, fallBack }: Pick<PlanItem, 'kind' | 'options' | 'fallBack'>): number =>
  (isCallKind(kind) ? callMayLastMs(kind, options) : 0) + (fallBack ? callMayLastMs(fallBack.kind, fallBack.options) : 0);

/** The longest that a call takes from its start to its last word, whatever the peer does. By default 52 s over SIP, 44 s over H.323, of which 6 are the call. */
export const callMayLastMs = (kind: CallKind, options: Readonly<Record<string, unknown>>): number =>
  1_000 * MAY_LAST_S[kind](options);
