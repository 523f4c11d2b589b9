import { sendableTo } from '../../protocols/h323/h245-capabilities.js';
import { MultimediaSystemControlMessage } from '../../protocols/h323/messages/h245-message.js';
import { decodePer } from '../../protocols/h323/per/schema.js';
import { HEALTHY } from '../faults/behaviour.js';
import { STACKS } from './captured.js';
import { capabilitiesOf } from './device-codecs.js';

const tableOf = (octets: Uint8Array) => {
  const message = decodePer(MultimediaSystemControlMessage, octets);
  if (!message.ok || !('request' in message.value) || !('terminalCapabilitySet' in message.value.request))
    throw new Error('not a capability set');
  return message.value.request.terminalCapabilitySet;
};

it.each([
  ['H263', 'h263VideoCapability'],
  ['H261', 'h261VideoCapability'],
] as const)('a device of %s takes it in place of H.264, and sound as before', (codec, name) => {
  const taking = (takes: 'H264' | 'H263' | 'H261') =>
    tableOf(capabilitiesOf(STACKS.h323plus, { ...HEALTHY, h323Device: { ...HEALTHY.h323Device, takes } }));
  const [before, after] = [taking('H264'), taking(codec)];
  expect(after.capabilityTable?.slice(0, 2)).toEqual(before.capabilityTable?.slice(0, 2));
  expect(after.capabilityTable?.[2]).toMatchObject({
    capability: { receiveVideoCapability: { [name]: { qcifMPI: 1, cifMPI: 1 } } },
  });
  expect(after.capabilityDescriptors).toEqual(before.capabilityDescriptors);
  expect([sendableTo(before).h264Level, sendableTo(after).h264Level]).toEqual([36, undefined]);
  expect(sendableTo(after)).toMatchObject({ audioCodecs: ['PCMA', 'PCMU'], video: true });
});
