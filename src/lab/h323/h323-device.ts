import type { Socket } from 'node:net';
import type { Cancel } from '../../common/clock.js';
import { Q931_TYPES } from '../../protocols/h323/q931.js';
import { parseSignalling, type SignallingMessage } from '../../protocols/h323/signalling-message.js';
import { STACKS } from './captured.js';
import type { DeviceTools } from './device-tools.js';
import { DeviceMessages, type Release } from './device-messages.js';
import { FramedConnection } from './framed-connection.js';
import { ScriptedCall, type CallEnd, type IncomingSetup } from './scripted-call.js';

/** What an endpoint does on TCP port 1720: one call at a time, and the answers that its faults ask for. */
export class H323Device {
  calls = 0;
  /** how the last call ended */
  lastEnd: CallEnd | undefined;
  private call: ScriptedCall | undefined;
  private readonly delayed = new Set<Cancel>();

  constructor(private readonly tools: DeviceTools) {}

  get inCall(): boolean {
    return this.call !== undefined;
  }

  get openChannels(): number {
    return this.call?.openChannels ?? 0;
  }

  serve(socket: Socket): void {
    const own: { call?: ScriptedCall } = {};
    const link = new FramedConnection(
      socket,
      (octets) => this.delay(() => this.receive(octets, link, own)),
      () => own.call?.end('connection'),
    );
  }

  close(): void {
    for (const cancel of this.delayed) cancel();
    this.delayed.clear();
    this.call?.hangUp();
  }

  private receive(octets: Uint8Array, link: FramedConnection, own: { call?: ScriptedCall }): void {
    const { h323Open, h323Hung } = this.tools.behaviour();
    // a device that is dead or hangs has its connections still
    if (!h323Open || h323Hung === 'connection') return;
    const message = parseSignalling(octets);
    // ooh323c closes on what it cannot read, and both stacks on STATUS ENQUIRY without a call
    if (!message.ok) return link.end();
    const setup = setupOf(message.value);
    if (own.call) own.call.receive(message.value);
    else if (setup) this.setUp(setup, link, own);
    else link.end();
  }

  private setUp(incoming: IncomingSetup, link: FramedConnection, own: { call?: ScriptedCall }): void {
    const refusal = this.refusal();
    if (refusal) {
      link.send(refusalMessage(incoming, this.tools.behaviour().h323Device.stack, refusal));
      return link.end();
    }
    const call = new ScriptedCall(incoming, link, this.tools, (end) => {
      this.lastEnd = end;
      if (this.call === call) this.call = undefined;
    });
    own.call = call;
    this.call = call;
    this.calls++;
    call.start();
  }

  private refusal(): Release | undefined {
    const { h323Release, h323Encrypted } = this.tools.behaviour();
    if (h323Release) return h323Release;
    if (h323Encrypted === 'security-denied') return { reason: 'securityDenied' };
    return this.call || this.tools.inOtherCall() ? { cause: 17 } : undefined;
  }

  private delay(run: () => void): void {
    const { signallingDelayMs } = this.tools.behaviour();
    if (signallingDelayMs === 0) return run();
    const cancel = this.tools.scheduler.after(signallingDelayMs, () => {
      this.delayed.delete(cancel);
      run();
    });
    this.delayed.add(cancel);
  }
}

function setupOf({ type, callReference, pdu }: SignallingMessage): IncomingSetup | undefined {
  if (type !== Q931_TYPES.setup || !pdu?.ok) return undefined;
  const { 'h323-message-body': body, h245Tunnelling } = pdu.value;
  return 'setup' in body ? { callReference, setup: body.setup, tunnels: h245Tunnelling === true } : undefined;
}

function refusalMessage({ callReference, setup }: IncomingSetup, stack: keyof typeof STACKS, release: Release): Uint8Array {
  const callIdentifier = setup.callIdentifier?.guid ?? new Uint8Array(16);
  const names = { callReference, callIdentifier, conferenceID: setup.conferenceID };
  return new DeviceMessages(STACKS[stack], names, true).release(release);
}
