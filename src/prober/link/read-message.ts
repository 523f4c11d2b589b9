import type { z } from 'zod';
import { err, ok, type Result } from '../../common/result.js';
import { LINK_VERSION } from '../messages.js';

/** Checks what the other process said against its schema; the error is one line for the log. */
export function readMessage<T>(schema: z.ZodType<T>, raw: unknown): Result<T> {
  const { v, type } = (typeof raw === 'object' && raw !== null ? raw : {}) as { v?: unknown; type?: unknown };
  if (v !== LINK_VERSION) return err(`message of link version ${String(v)}, this side speaks ${LINK_VERSION}`);
  const parsed = schema.safeParse(raw);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return err(`malformed message ${String(type)}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
}
