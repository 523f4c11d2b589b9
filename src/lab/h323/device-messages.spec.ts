import { parseSignalling, type SignallingMessage } from '../../protocols/h323/signalling-message.js';
import { causeOf } from '../../protocols/h323/q931.js';
import { fromHex, plain, vectorOf, type Json } from '../../protocols/h323/testing/vectors.js';
import { STACKS, type StackName } from './captured.js';
import { DeviceMessages } from './device-messages.js';

const TPKT_OCTETS = 4;

const read = (tpkt: Uint8Array): SignallingMessage => {
  const message = parseSignalling(tpkt.subarray(TPKT_OCTETS));
  if (!message.ok) throw new Error(message.error);
  return message.value;
};
const pduOf = ({ pdu }: SignallingMessage): Json => (pdu?.ok ? plain(pdu.value) : null);

/** A device in the very call of a capture. */
function deviceIn(name: string, stack: StackName, tunnelling: boolean) {
  const captured = read(fromHex(vectorOf(name).tpkt ?? ''));
  const text = JSON.stringify(pduOf(captured));
  const idIn = (key: string): Uint8Array => fromHex(new RegExp(`"${key}":"([0-9a-f]{32})"`).exec(text)?.[1] ?? '');
  const names = { callReference: captured.callReference, callIdentifier: idIn('guid'), conferenceID: idIn('conferenceID') };
  return { captured, messages: new DeviceMessages(STACKS[stack], names, tunnelling) };
}

describe('messages of a simulated device', () => {
  it.each<[string, StackName, boolean, (messages: DeviceMessages) => Uint8Array | undefined]>([
    ['h323plus-h225-callProceeding', 'h323plus', true, (messages) => messages.callProceeding()],
    [
      'h323plus-h225-connect-h245Address',
      'h323plus',
      false,
      (messages) => messages.connect({ h245Address: { ipAddress: { ip: fromHex('0a630002'), port: 51_773 } } }),
    ],
    ['h323plus-h225-releaseComplete-cause17', 'h323plus', true, (messages) => messages.release({ cause: 17 })],
    [
      'h323plus-h225-releaseComplete-securityDenied',
      'h323plus',
      true,
      (messages) => messages.release({ reason: 'securityDenied' }),
    ],
    [
      'h323plus-h225-facility-callForwarded',
      'h323plus',
      true,
      (messages) => messages.forward('callForwarded', { address: '10.99.0.3', port: 1723 }),
    ],
    [
      'h323plus-h225-facility-routeCallToGatekeeper',
      'h323plus',
      true,
      (messages) => messages.forward('routeCallToGatekeeper', { address: '10.99.0.2', port: 1721 }),
    ],
    [
      'h323plus-h225-tunnel-empty-masterSlaveDetermination',
      'h323plus',
      true,
      (messages) => messages.tunnel([fromHex('010032804af0f2')]),
    ],
    ['ooh323c-h225-alerting', 'ooh323c', true, (messages) => messages.alerting()],
    ['ooh323c-h225-connect', 'ooh323c', true, (messages) => messages.connect()],
    ['ooh323c-h225-progress', 'ooh323c', true, (messages) => messages.progress()],
    [
      'ooh323c-h225-tunnel-facility-masterSlaveDetermination',
      'ooh323c',
      true,
      (messages) => messages.tunnel([fromHex('01003c8057f227')]),
    ],
    [
      'ooh323c-h225-facility-startH245-h245Address',
      'ooh323c',
      false,
      (messages) => messages.startH245({ address: '10.99.0.2', port: 12_030 }),
    ],
  ])('in the call of the capture says what was captured: %s', (name, stack, tunnelling, say) => {
    const { captured, messages } = deviceIn(name, stack, tunnelling);
    const said = say(messages);
    if (!said) throw new Error('nothing was said');
    const made = read(said);
    expect(withoutUnsaid(pduOf(made))).toEqual(withoutUnsaid(pduOf(captured)));
    expect([made.type, made.callReference, made.fromDestination, causeOf(made)]).toEqual([
      captured.type,
      captured.callReference,
      true,
      causeOf(captured),
    ]);
  });
});

/** FACILITY and RELEASE COMPLETE are made, and leave out two additions that say no. */
function withoutUnsaid(value: Json): Json {
  const text = JSON.stringify(value).replace(/,"multipleCalls":false,"maintainConnection":false/, '');
  return JSON.parse(text) as Json;
}
