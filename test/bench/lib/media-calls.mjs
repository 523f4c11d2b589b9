// Both ends of many calls with sound and picture, for a benchmark: what each opens, starts and adds up.
import { median } from './report.mjs';

const START_EVERY_MS = 6;

const leg = (medium, address, { rtp, rtcp }) => ({
  medium,
  remoteAddress: address,
  remoteRtpPort: rtp,
  remoteRtcpPort: rtcp,
  rtcpMux: false,
  send: true,
  receive: true,
  ...(medium === 'audio'
    ? { payloadType: 8, codec: 'PCMA', clockRate: 8000 }
    : { payloadType: 97, codec: 'H264', clockRate: 90_000, packetizationMode: 1 }),
});

/** @returns the sessions of `count` calls at one loopback address */
export const openCalls = (media, count, localAddress, peerAddress) =>
  Promise.all(Array.from({ length: count }, () => media.open({ localAddress, video: true, allowedAddresses: [peerAddress] })));

/** One after the other, as endpoints answer: 148 that begin in the same millisecond are no sweep, and send all their reports at once. */
export async function startCalls(sessions, peerAddress, peerPorts) {
  for (const [i, session] of sessions.entries()) {
    const { audio, video } = peerPorts[i];
    session.start([leg('audio', peerAddress, audio), leg('video', peerAddress, video)]);
    await new Promise((resolve) => setTimeout(resolve, START_EVERY_MS));
  }
}

/** Ends all and adds up: the worst stream's jitter, what was lost on the way here, and how late our own sends were. */
export async function stopCalls(sessions) {
  const calls = await Promise.all(sessions.map((session) => session.stop()));
  const received = calls.flatMap(({ audio, video }) => [audio.received, video.received]);
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  return {
    packets: sum(received.map(({ packets }) => packets)),
    lost: sum(received.map(({ packets, expected }) => expected - packets)),
    ownDrops: sum(received.map(({ ownDrops }) => ownDrops ?? 0)),
    worstJitterMs: Math.max(...received.map(({ jitterMs }) => jitterMs)),
    pacingLateMs: median(calls.map(({ pacingLateMs }) => pacingLateMs)),
    worstPacingLateMs: Math.max(...calls.map(({ pacingLateMs }) => pacingLateMs)),
  };
}
