import type { CallKind } from '../probes/contract.js';
import { DIALOG_STATE_S, type SipCallOptions, sipCallOptions } from '../probes/sip-call/sip-call.options.js';

const SIP_DEFAULTS = sipCallOptions.parse({});
/** A name to resolve, the digest's second round, BYE and its wait of 4 s. */
const SLACK_S = 10;

const MAY_LAST_S: Record<CallKind, (options: Readonly<Record<string, unknown>>) => number> = {
  'sip-call': (given) => {
    const { noProvisionalS, ringS, holdS, encryption, dialogState }: SipCallOptions = { ...SIP_DEFAULTS, ...given };
    // a connection is opened for as long as a provisional response is awaited
    const setupS = 2 * noProvisionalS + ringS;
    return (encryption === 'auto' ? 2 : 1) * setupS + holdS + (dialogState ? DIALOG_STATE_S : 0) + SLACK_S;
  },
};

/** The longest that a call takes from its start to its last word, whatever the peer does. By default 52 s, of which 6 are the call. */
export const callMayLastMs = (kind: CallKind, options: Readonly<Record<string, unknown>>): number =>
  1_000 * MAY_LAST_S[kind](options);
