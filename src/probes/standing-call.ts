import { z } from 'zod';
import type { AccountOptions } from './sip-account.js';
import type { CallTicket } from '../protocols/sip/call-ticket.js';

/** The way to the next hop of an endpoint, as plain data, so that it can be opened again. */
export interface SipRoute {
  transport: 'UDP' | 'TCP' | 'TLS';
  /** what the certificate has to be for */
  host: string;
  address: string;
  port: number;
  source?: string;
  caFile?: string;
  certificateSha256?: string;
}

/** A call that the endpoint may still believe in, and how to reach it. */
export interface StandingCall {
  route: SipRoute;
  ticket: CallTicket;
  /** where to read the password, should the endpoint ask for one; never the password */
  account?: AccountOptions;
}

/** Where calls in progress are written down, synchronously, for whoever comes after a crash. */
export interface CallJournal {
  note(call: StandingCall): void;
  end(callId: string): void;
}

const text = z.string().max(8192);
const port = z.int().min(1).max(65_535);

/** What a journal is read back with: a torn or foreign line is no call. */
export const standingCallSchema: z.ZodType<StandingCall> = z.strictObject({
  route: z.strictObject({
    transport: z.enum(['UDP', 'TCP', 'TLS']),
    host: text,
    address: z.union([z.ipv4(), z.ipv6()]),
    port,
    source: text.optional(),
    caFile: text.optional(),
    certificateSha256: text.optional(),
  }),
  account: z.strictObject({ user: text.optional(), passwordFile: text.optional(), passwordEnv: text.optional() }).optional(),
  ticket: z.strictObject({
    callId: text,
    localPort: port,
    invite: text,
    unanswered: z.boolean(),
    dialogs: z
      .array(
        z.strictObject({
          callId: text,
          localParty: text,
          remoteParty: text,
          routeSet: z.array(text).max(100),
          remoteTarget: text,
          localCSeq: z.int().nonnegative(),
          remoteCSeq: z.int().nonnegative().optional(),
        }),
      )
      .max(16),
  }),
});
