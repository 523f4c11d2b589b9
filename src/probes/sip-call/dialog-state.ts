import type { Cancel } from '../../common/clock.js';
import { DialogStateFetch, type DialogStateFacts } from '../../protocols/sip/dialog-state-fetch.js';
import { onAbort } from '../abort.js';
import type { ProbeContext, ProbeRequest } from '../contract.js';
import { openSipPath, USER_AGENT } from '../sip-path.js';
import { DIALOG_STATE_S, type SipCallOptions } from './sip-call.options.js';

export interface DialogState {
  inCall: boolean;
  /** what it said of its dialogs, or why that is not known */
  said: string;
}

/** Asks the device itself whether it is in a call. Whatever it does, this takes no longer than `DIALOG_STATE_S`. */
export async function askDialogState(
  { target, options }: ProbeRequest<SipCallOptions>,
  context: ProbeContext,
): Promise<DialogState> {
  const { scheduler, random } = context;
  const endMs = scheduler.monotonicMs() + DIALOG_STATE_S * 1_000;
  const current: { fetch?: DialogStateFetch } = {};
  const path = await openSipPath(target, options, { connectTimeoutMs: DIALOG_STATE_S * 1_000 }, context, {
    onMessage: (message) => current.fetch?.receive(message),
    onFailure: () => current.fetch?.abort(),
  });
  if (!path.ok) return judge({ answer: 'none' });
  const { target: located, transport, from, routes } = path.value;
  let stopWatching: Cancel | undefined;
  const facts = await new Promise<DialogStateFacts>((resolve) => {
    const timeoutMs = Math.max(1, endMs - scheduler.monotonicMs());
    const config = { target: located.uri, from, userAgent: USER_AGENT, routes, timeoutMs };
    const fetch = new DialogStateFetch(config, { transport, scheduler, random }, resolve);
    current.fetch = fetch;
    fetch.start();
    stopWatching = onAbort(context.signal, () => fetch.abort());
  });
  stopWatching?.();
  transport.close();
  return judge(facts);
}

/** Only what the device says is taken for a call: one that cannot say is called as if it had not been asked. */
export function judge(facts: DialogStateFacts): DialogState {
  switch (facts.answer) {
    case 'told':
      return { inCall: facts.phases.includes('confirmed'), said: facts.phases.join(', ') || 'no dialog' };
    case 'refused':
      return { inCall: false, said: `not told (${facts.status})` };
    case 'unreadable':
      return { inCall: false, said: `not readable (${facts.why})` };
    case 'none':
      return { inCall: false, said: 'not told' };
  }
}
