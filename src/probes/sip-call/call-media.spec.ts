import { callMediaOf } from './call-media.js';
import { sipCallOptions } from './sip-call.options.js';

describe(callMediaOf.name, () => {
  it.each([
    ['everything', {}, { audioCodecs: ['PCMA', 'PCMU'], video: true, videoKbps: 1_024 }],
    ['another order', { codecs: ['PCMU', 'H264', 'PCMA'] }, { audioCodecs: ['PCMU', 'PCMA'], video: true }],
    ['no H.264', { codecs: ['PCMA'] }, { audioCodecs: ['PCMA'], video: false }],
    ['no video wanted', { video: false }, { video: false }],
    ['a narrow line', { bandwidthKbps: 384 }, { video: true, videoKbps: 304 }],
    ['just enough for a picture', { bandwidthKbps: 144 }, { video: true, videoKbps: 64 }],
    ['too narrow for a picture', { bandwidthKbps: 143 }, { video: false }],
  ] as const)('offers %s', (_title, options, media) => {
    expect(callMediaOf(sipCallOptions.parse(options))).toMatchObject(media);
  });

  it.each([[['H264']], [['PCMA', 'PCMA']], [[]], [['G722']]])('refuses the codecs %j', (codecs) => {
    expect(sipCallOptions.safeParse({ codecs }).success).toBe(false);
  });
});
