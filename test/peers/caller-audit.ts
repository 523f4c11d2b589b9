import { branchOf, cseqOf, headerOf, headersOf, methodOf, requestsIn, statusOf, tagIn, type LoggedMessage } from './sipp-log.js';

/** What RFC 3261 demands of a caller in every call, found missing in what its peer logged. Empty when all is right. */
export function auditCaller(messages: LoggedMessage[]): string[] {
  const invites = uniqueBy(requestsIn(messages, 'INVITE'), branchOf);
  return [
    ...invites.flatMap((invite) => [...auditRefusals(messages, invite), ...auditAnswers(messages, invite)]),
    ...auditCancel(messages),
    ...auditEveryRequest(messages),
  ];
}

/** Section 17.1.1.3: the ACK of a refusal is part of the INVITE transaction. */
function auditRefusals(messages: LoggedMessage[], invite: LoggedMessage): string[] {
  return finalsOf(messages, invite)
    .filter((response) => statusOf(response) >= 300)
    .filter((response) => !acksOf(messages, invite, toTag(response)).some((ack) => branchOf(ack) === branchOf(invite)))
    .map((response) => `${statusOf(response)} got no ACK on the branch of its INVITE`);
}

/** Sections 13.2.2.4 and 15: each leg that was answered is acknowledged by a request of its own and ended. */
function auditAnswers(messages: LoggedMessage[], invite: LoggedMessage): string[] {
  const answers = finalsOf(messages, invite).filter((response) => statusOf(response) < 300);
  return uniqueBy(answers, toTag).flatMap((response) => {
    const tag = toTag(response);
    const [ack] = acksOf(messages, invite, tag);
    if (!ack) return [`the 200 of ${tag} got no ACK`];
    const byes = requestsIn(messages, 'BYE').filter((bye) => toTag(bye) === tag);
    const endedByPeer = messages.some(({ direction, startLine }) => direction === 'sent' && startLine.startsWith('BYE '));
    return [
      ...(branchOf(ack) === branchOf(invite) ? [`the ACK to ${tag} has the branch of the INVITE`] : []),
      ...(byes.length === 0 && !endedByPeer ? [`the leg of ${tag} got no BYE`] : []),
      ...byes.flatMap((bye) => auditBye(bye, ack, invite)),
    ];
  });
}

function auditBye(bye: LoggedMessage, ack: LoggedMessage, invite: LoggedMessage): string[] {
  const wrong: string[] = [];
  if (cseqOf(bye) <= cseqOf(invite)) wrong.push('the CSeq of BYE is not above that of INVITE');
  if (tagIn(headerOf(bye, 'From')) !== tagIn(headerOf(invite, 'From'))) wrong.push('the From tag of BYE is not ours');
  if (branchOf(bye) === branchOf(ack)) wrong.push('BYE has the branch of the ACK');
  if (targetOf(bye) !== targetOf(ack)) wrong.push('BYE and ACK went to different targets');
  if (headersOf(bye, 'Route').join() !== headersOf(ack, 'Route').join()) wrong.push('BYE and ACK took different routes');
  return wrong;
}

/** Section 9.1: CANCEL only after a provisional, and the twin of its INVITE. */
function auditCancel(messages: LoggedMessage[]): string[] {
  const at = messages.findIndex(({ direction, startLine }) => direction === 'received' && startLine.startsWith('CANCEL '));
  const cancel = messages[at];
  if (!cancel) return [];
  const invite = requestsIn(messages, 'INVITE').find((request) => branchOf(request) === branchOf(cancel));
  if (!invite) return ['CANCEL has the branch of no INVITE'];
  const provisional = messages.slice(0, at).some((message) => message.direction === 'sent' && statusOf(message) < 200);
  return [
    ...(provisional ? [] : ['CANCEL before any provisional']),
    ...(cseqOf(cancel) === cseqOf(invite) && targetOf(cancel) === targetOf(invite) ? [] : ['CANCEL is no twin of its INVITE']),
    ...(toTag(cancel) === '' ? [] : ['CANCEL has a To tag']),
  ];
}

/** Sections 8.1.1 and 8.1.1.7, RFC 3581. */
function auditEveryRequest(messages: LoggedMessage[]): string[] {
  const requests = messages.filter((message) => message.direction === 'received' && statusOf(message) === 0);
  const callIds = new Set(requests.map((request) => headerOf(request, 'Call-ID')));
  return [
    ...(callIds.size > 1 ? ['more than one Call-ID'] : []),
    ...requests.flatMap((request) => {
      const complete =
        headerOf(request, 'Max-Forwards') === '70' &&
        /;rport/.test(headerOf(request, 'Via')) &&
        /^z9hG4bK/.test(branchOf(request));
      return complete ? [] : [`${methodOf(request)} lacks Max-Forwards, rport or the magic cookie`];
    }),
  ];
}

const finalsOf = (messages: LoggedMessage[], invite: LoggedMessage): LoggedMessage[] =>
  messages.filter(
    (message) =>
      message.direction === 'sent' &&
      statusOf(message) >= 200 &&
      methodOf(message) === 'INVITE' &&
      branchOf(message) === branchOf(invite),
  );

const acksOf = (messages: LoggedMessage[], invite: LoggedMessage, tag: string): LoggedMessage[] =>
  requestsIn(messages, 'ACK').filter((ack) => cseqOf(ack) === cseqOf(invite) && toTag(ack) === tag);

const toTag = (message: LoggedMessage): string => tagIn(headerOf(message, 'To'));
const targetOf = ({ startLine }: LoggedMessage): string => startLine.split(' ')[1] ?? '';
const uniqueBy = <T>(items: T[], keyOf: (item: T) => string): T[] => [
  ...new Map(items.map((item) => [keyOf(item), item])).values(),
];
