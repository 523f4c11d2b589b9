/**
 * SIPp scenarios of a called device, put together from steps. SIPp goes on only when exactly the expected message comes, and
 * ends with 0 only when it came to the end: that a scenario completed says that each message it waits for was sent to it.
 */

/** One element of a scenario. */
export type Step = string;

interface Response {
  /** different tags make the legs of a fork */
  tag?: string;
  headers?: string[];
  /** of another than the device itself */
  contact?: string;
  sdp?: string;
}

const CONTACT = 'Contact: <sip:room@[local_ip]:[local_port];transport=[transport]>';
/** What later messages repeat of the INVITE: its Via for the responses, its parties for requests the other way. */
const KEPT = { via: 'Via:', from: 'From:', to: 'To:', cseq: 'CSeq:' } as const;

export const scenario = (steps: Step[]): string => `<?xml version="1.0" encoding="UTF-8"?>
<scenario name="called device">
${steps.join('\n')}
<Reference variables="via,from,to,cseq,contactHeader,contact"/>
</scenario>
`;

/** The first step of all: what the other steps say is about this request. */
export const invite = (): Step =>
  `<recv request="INVITE"><action>
${Object.entries(KEPT)
  .map(([name, header]) => `<ereg regexp=".*" search_in="hdr" header="${header}" assign_to="${name}"/>`)
  .join('\n')}
<ereg regexp="(sip:[^&gt;]*)" search_in="hdr" header="Contact:" assign_to="contactHeader,contact"/>
</action></recv>`;

export const recv = (request: string): Step => `<recv request="${request}"/>`;
/** Perhaps once more. */
export const recvAgain = (request: string): Step => `<recv request="${request}" optional="true"/>`;
export const recvStatus = (status: number): Step => `<recv response="${status}"/>`;
export const pause = (milliseconds: number): Step => `<pause milliseconds="${milliseconds}"/>`;

/** An answer to the INVITE, at any later moment. A final one is repeated until its ACK, as RFC 3261 17.2.1 and 13.3.1.4 want. */
export const answer = (status: number, phrase: string, { tag = 'peer', headers = [], contact, sdp }: Response = {}): Step =>
  send(
    [
      `SIP/2.0 ${status} ${phrase}`,
      'Via: [$via]',
      'From: [$from]',
      `To: [$to]${status === 100 ? '' : `;tag=${tag}`}`,
      'Call-ID: [call_id]',
      'CSeq: [$cseq]',
      ...(status === 100 || status > 300 ? [] : [contact === undefined ? CONTACT : `Contact: ${contact}`]),
      ...headers,
    ],
    sdp,
    status >= 200,
  );

/** 200 to the request that came last. */
export const confirm = (headers: string[] = []): Step =>
  send(['SIP/2.0 200 OK', '[last_Via:]', '[last_From:]', '[last_To:]', '[last_Call-ID:]', '[last_CSeq:]', CONTACT, ...headers]);

/** A request of the device inside the dialog of its 200. */
export const ask = (method: string, cseq: number, { headers = [], sdp }: Omit<Response, 'tag'> = {}): Step =>
  send(
    [
      `${method} [$contact] SIP/2.0`,
      'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
      'Max-Forwards: 70',
      'From: [$to];tag=peer',
      'To: [$from]',
      'Call-ID: [call_id]',
      `CSeq: ${cseq} ${method}`,
      ...(method === 'BYE' ? [] : [CONTACT]),
      ...headers,
    ],
    sdp,
    method !== 'ACK',
  );

/** Sends the sound of a file of A-law bytes, over and over, to where the caller wants it. */
export const play = (file: string): Step => `<nop><action><exec rtp_stream="${file},-1,8,PCMA/8000"/></action></nop>`;

/** From the ACK to the end, when the caller hangs up. */
export const heldToTheEnd = (): Step[] => [recv('ACK'), recv('BYE'), confirm()];
/** A final refusal and its ACK. */
export const refuse = (status: number, phrase: string, response: Response = {}): Step[] => [
  answer(status, phrase, response),
  recv('ACK'),
];
/** What a device does when a call is cancelled. */
export const cancelled = (): Step[] => [recv('CANCEL'), confirm(), ...refuse(487, 'Request Terminated')];

function send(lines: string[], sdp = '', repeated = false): Step {
  const type = sdp === '' ? [] : ['Content-Type: application/sdp'];
  const body = sdp === '' ? ['Content-Length: 0', ''] : ['Content-Length: [len]', '', sdp];
  const retrans = repeated ? ' retrans="500"' : '';
  return `<send${retrans}><![CDATA[\n${[...lines, ...type, ...body].join('\n')}\n]]></send>`;
}

interface Description {
  direction?: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  connection?: string;
  audio?: string[];
  video?: string[];
}

export const AUDIO = ['m=audio [media_port] RTP/AVP 8', 'a=rtpmap:8 PCMA/8000'];
export const VIDEO = [
  'm=video [media_port+2] RTP/AVP 97',
  'a=rtpmap:97 H264/90000',
  'a=fmtp:97 packetization-mode=0;profile-level-id=42e01f',
];
export const NO_VIDEO = ['m=video 0 RTP/AVP 97'];

/** What the device says of its media; SIPp sends none unless a step makes it. */
export const sdp = ({
  direction = 'sendrecv',
  connection = 'c=IN IP[local_ip_type] [local_ip]',
  audio = AUDIO,
  video = VIDEO,
}: Description = {}): string =>
  ['v=0', 'o=room 1 1 IN IP[local_ip_type] [local_ip]', 's=-', connection, 't=0 0', `a=${direction}`, ...audio, ...video].join(
    '\n',
  );
