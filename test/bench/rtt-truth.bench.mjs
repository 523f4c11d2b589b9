// How far a measured round trip is off the truth: a reflector holds each datagram and reports for how long it truly did.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { KernelUdpSocket } from '../../dist/net/kernel/udp-socket.js';
import { startChild } from './lib/child.mjs';
import { median, percentile, row } from './lib/report.mjs';

const ROUNDS = 3;
const HOLD_MS = 20;
const TICKS = 300;
const TICK_MS = 5;
const PER_TICK = 2;
const PAYLOAD_BYTES = 64;
/** half of the time the loop does something else, 5 ms at a stretch */
const BUSY_MS = 5;

function kernelSocket(port, onReply) {
  const opened = KernelUdpSocket.open(
    { address: '127.0.0.1', port: 0, stampSends: true },
    { datagram: ({ data }, arrivalMs) => onReply(data, arrivalMs), error() {} },
  );
  if (!opened.ok) throw new Error(opened.error);
  const socket = opened.value;
  return {
    send: (data) => {
      const one = { data: data.subarray(0, PAYLOAD_BYTES), address: '127.0.0.1', port };
      socket.sendStamped([one]);
      return one.leftMs;
    },
    close: () => socket.close(),
  };
}

/** connected, and so as good as it gets: no look-up, and the send is made at once */
async function dgramSocket(port, onReply) {
  const socket = createSocket('udp4');
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('message', (data) => onReply(data, performance.now()));
  return {
    send: (data) => {
      const beforeMs = performance.now();
      socket.send(data, 0, PAYLOAD_BYTES);
      return beforeMs;
    },
    close: () => socket.close(),
  };
}

function startWork() {
  let timer;
  const work = () => {
    const endMs = performance.now() + BUSY_MS;
    while (performance.now() < endMs);
    timer = setTimeout(work, BUSY_MS);
  };
  work();
  return () => clearTimeout(timer);
}

/** @returns the errors in ms, and how many were never answered */
async function measure(open, port, busy) {
  const sentMs = [];
  const roundTripMs = [];
  const holdMs = [];
  const socket = await open(port, (data, arrivalMs) => {
    const number = data.readUInt32LE(0);
    if (data.length === PAYLOAD_BYTES) roundTripMs[number] = arrivalMs - sentMs[number];
    else holdMs[number] = data.readDoubleLE(8);
  });
  const stopWork = busy ? startWork() : () => {};
  for (let tick = 0; tick < TICKS; tick++) {
    for (let i = 0; i < PER_TICK; i++) {
      const data = Buffer.allocUnsafeSlow(128);
      data.writeUInt32LE(sentMs.length, 0);
      sentMs.push(socket.send(data));
    }
    await sleep(TICK_MS);
  }
  stopWork();
  await sleep(5 * HOLD_MS);
  socket.close();
  const errorsMs = sentMs.map((_sent, i) => Math.abs(roundTripMs[i] - holdMs[i])).filter((error) => !Number.isNaN(error));
  return { p50: percentile(errorsMs, 0.5), p99: percentile(errorsMs, 0.99), lost: sentMs.length - errorsMs.length };
}

export default async function rttTruth() {
  const rows = [];
  const reflector = await startChild('reflector.mjs', HOLD_MS);
  await measure(kernelSocket, reflector.port, false);
  for (const busy of [false, true]) {
    const mine = [];
    const theirs = [];
    for (let round = 0; round < ROUNDS; round++) {
      mine.push(await measure(kernelSocket, reflector.port, busy));
      theirs.push(await measure(dgramSocket, reflector.port, busy));
    }
    const of = (runs, key) => median(runs.map((one) => one[key]));
    const name = busy ? 'event loop 50 % busy' : 'event loop idle';
    const against = (what, key, goal) =>
      row({ name: `${name}: ${what}`, ours: of(mine, key), unit: 'ms', peer: of(theirs, key), peerName: 'dgram', goal });
    rows.push(
      row({ name: `${name}: error p99`, ours: of(mine, 'p99'), unit: 'ms', goal: { most: 0.1 } }),
      against('error p50 against dgram', 'p50'),
      // 40 times better
      against('error p99 against dgram', 'p99', busy ? { most: 1 / 40 } : undefined),
      row({ name: `${name}: lost`, ours: Math.max(...mine.map(({ lost }) => lost)), unit: 'datagrams', goal: { most: 0 } }),
    );
  }
  await reflector.stop();
  return { rows, notMeasured: ['a network: both ends are on this machine'] };
}
