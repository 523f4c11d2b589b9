import { MultimediaSystemControlMessage } from '../../protocols/h323/messages/h245-message.js';
import { decodePer } from '../../protocols/h323/per/schema.js';
import { parseSignalling } from '../../protocols/h323/signalling-message.js';
import { fromHex, toHex, VECTORS, vectorOf } from '../../protocols/h323/testing/vectors.js';
import { CAPTURED, filled, placeOctets, STACKS } from './captured.js';

const TPKT_DIGITS = 8;
const message = (name: string): string => vectorOf(name).tpkt?.slice(TPKT_DIGITS) ?? '';
const allControl = VECTORS.flatMap(({ h245 }) => h245);

describe('what the simulated devices say', () => {
  it.each([
    ['H323Plus, CALL PROCEEDING', STACKS.h323plus.callProceeding, 'h323plus-h225-callProceeding'],
    ['H323Plus, CONNECT', STACKS.h323plus.connect, 'h323plus-h225-connect-h245Address'],
    ['ooh323c, CALL PROCEEDING', STACKS.ooh323c.callProceeding, 'ooh323c-h225-callProceeding'],
    ['ooh323c, ALERTING', STACKS.ooh323c.alerting, 'ooh323c-h225-alerting'],
    ['ooh323c, CONNECT', STACKS.ooh323c.connect, 'ooh323c-h225-connect'],
    ['ooh323c, PROGRESS', STACKS.ooh323c.progress, 'ooh323c-h225-progress'],
  ])('%s is the captured message', (_name, said, name) => {
    expect(said).toBe(message(name));
  });

  const at = (address: string, port: number): string => placeOctets(address, port);
  it.each([
    ['H323Plus opens sound', STACKS.h323plus.openAudio, { channel: 101, rtcp: at('10.99.0.2', 5001) }],
    ['H323Plus opens a picture', STACKS.h323plus.openVideo, { channel: 102, rtcp: at('10.99.0.2', 5003) }],
    [
      'H323Plus acknowledges sound',
      STACKS.h323plus.ackAudio,
      { channel: 101, rtp: at('10.99.0.2', 5000), rtcp: at('10.99.0.2', 5001) },
    ],
    [
      'H323Plus acknowledges a picture',
      STACKS.h323plus.ackVideo,
      { channel: 2, rtp: at('10.99.0.2', 5022), rtcp: at('10.99.0.2', 5023) },
    ],
    ['ooh323c opens sound', STACKS.ooh323c.openAudio, { channel: 1001, rtcp: at('10.99.0.2', 20_087) }],
    [
      'ooh323c acknowledges sound',
      STACKS.ooh323c.ackAudio,
      { channel: 101, rtp: at('10.99.0.2', 20_086), rtcp: at('10.99.0.2', 20_087) },
    ],
    ['capabilities', STACKS.h323plus.capabilities, {}],
    ['capabilities of a device without a camera', STACKS.ooh323c.soundCapabilities, {}],
    ['a request to close', CAPTURED.requestChannelClose, { channel: 2 }],
    ['a request for a keyframe', CAPTURED.fastUpdate, { channel: 102 }],
    ['an encrypted channel', CAPTURED.openEncrypted, { channel: 101, rtcp: at('10.99.0.3', 5001) }],
    ['a channel of H.263', CAPTURED.openH263, { channel: 102, rtcp: at('10.99.0.2', 5023) }],
    ['a channel of H.261', CAPTURED.openH261, { channel: 102, rtcp: at('10.99.0.2', 5027) }],
    ['a closed channel', CAPTURED.closeLogicalChannelAck, { channel: 101 }],
  ])('%s: the message with the numbers of the capture is the captured one', (_name, template, holes) => {
    expect(allControl).toContain(toHex(filled(template, holes)));
  });

  it('is read with the numbers that were put in', () => {
    const holes = { channel: 7, rtp: placeOctets('127.20.0.1', 16_386), rtcp: placeOctets('127.20.0.1', 16_387) };
    const ack = decodePer(MultimediaSystemControlMessage, filled(STACKS.ooh323c.ackVideo, holes));
    expect(ack).toMatchObject({
      value: {
        response: {
          openLogicalChannelAck: {
            forwardLogicalChannelNumber: 7,
            forwardMultiplexAckParameters: {
              h2250LogicalChannelAckParameters: {
                sessionID: 2,
                mediaChannel: {
                  unicastAddress: { iPAddress: { network: Uint8Array.of(127, 20, 0, 1), tsapIdentifier: 16_386 } },
                },
              },
            },
          },
        },
      },
    });
    for (const { openVideo, videoPayloadType } of Object.values(STACKS)) {
      expect(JSON.stringify(decodePer(MultimediaSystemControlMessage, filled(openVideo, holes)))).toContain(
        `"dynamicRTPPayloadType":${videoPayloadType}`,
      );
    }
  });

  it('is whole: no octet of a message is left over', () => {
    for (const { callProceeding, connect } of Object.values(STACKS)) {
      for (const hex of [callProceeding, connect])
        expect(parseSignalling(fromHex(hex))).toMatchObject({ value: { pdu: { ok: true } } });
    }
  });

  it('does not go out with a hole in it', () => {
    expect(() => filled(CAPTURED.fastUpdate)).toThrow('channel');
  });
});
