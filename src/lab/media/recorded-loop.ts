import { parseRtp, type RtpPacket } from '../../protocols/rtp/rtp-packet.js';
import type { LoopPacket, MediaLoop } from './loops.js';

/** RFC 4571 section 2 */
const LENGTH_BYTES = 2;
/** of every picture codec (RFC 3551 section 5) */
const UNITS_PER_MS = 90;
/** packets of one picture leave over this part of its time, as an encoder's pacing does */
const SPREAD = 0.6;

/**
 * Pictures as another packetiser sent them: whole RTP packets, each behind its length (RFC 4571). Their payloads are not looked
 * into, so that codecs of which nothing here knows the inside can be sent.
 * @throws RangeError when the recording cannot be read, or holds fewer than two pictures
 */
export function recordedLoop(recording: Uint8Array): MediaLoop {
  const recorded = packetsOf(recording);
  const origin = recorded[0]?.timestamp ?? 0;
  const times = [...new Set(recorded.map(({ timestamp }) => (timestamp - origin) >>> 0))];
  const step = times[1];
  if (step === undefined) throw new RangeError('a recording of fewer than two pictures');
  const packets = times.flatMap((timestamp) => {
    const picture = recorded.filter((packet) => (packet.timestamp - origin) >>> 0 === timestamp);
    return picture.map(({ payload, marker }, index): LoopPacket => {
      const offsetMs = (timestamp + (SPREAD * step * index) / picture.length) / UNITS_PER_MS;
      return { payload, marker, timestamp, offsetMs };
    });
  });
  const durationUnits = (times.at(-1) ?? 0) + step;
  return { packets, durationUnits, durationMs: durationUnits / UNITS_PER_MS };
}

function packetsOf(recording: Uint8Array): RtpPacket[] {
  const view = new DataView(recording.buffer, recording.byteOffset, recording.byteLength);
  const packets: RtpPacket[] = [];
  for (let at = 0; at < recording.length;) {
    const end = at + LENGTH_BYTES + view.getUint16(at);
    const packet = parseRtp(recording.subarray(at + LENGTH_BYTES, end));
    if (end > recording.length || !packet.ok) throw new RangeError(`no RTP packet at byte ${at} of the recording`);
    packets.push(packet.value);
    at = end;
  }
  return packets;
}
