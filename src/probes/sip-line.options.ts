import { z } from 'zod';
import { CALLER_NAME, CALLER_USER } from './sip-path.js';
import { parseSipTarget } from './target.js';

/** How an endpoint is reached over SIP, and as whom: the options that a call and an OPTIONS request share. */
export const sipLineShape = {
  callerName: z.string().max(80).default(CALLER_NAME),
  callerUser: z
    .string()
    .min(1)
    .max(40)
    .regex(/^[\w.+-]+$/)
    .default(CALLER_USER),
  source: z.union([z.ipv4(), z.ipv6()]).optional(),
  /** this and the port hold where the target itself names none */
  transport: z.enum(['udp', 'tcp', 'tls']).optional(),
  port: z.int().min(1).max(65_535).optional(),
  /** where everything is sent in place of the endpoint: a target like any other (RFC 3261 section 8.1.2) */
  outboundProxy: z
    .string()
    .max(300)
    .refine((text) => parseSipTarget(text).ok, { error: 'an address, host:port or sip:host[:port][;transport=udp|tcp|tls]' })
    .optional(),
  /** PEM file of the authorities to believe for TLS, in place of the system's */
  caFile: z.string().min(1).optional(),
  /** SHA-256 of the only certificate to accept for TLS, with or without colons */
  certificateSha256: z
    .string()
    .regex(/^[0-9a-f]{2}(:?[0-9a-f]{2}){31}$/i)
    .optional(),
};
