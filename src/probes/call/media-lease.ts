import { err, ok, type Result } from '../../common/result.js';
import type { MediaPool, MediaSession, OpenMedia } from '../../media/contract.js';

/** Ports and a sender for one call, or why this machine has none left: never the endpoint's fault. */
export async function leaseMedia(pool: MediaPool, request: OpenMedia): Promise<Result<MediaSession>> {
  try {
    return ok(await pool.open(request));
  } catch (error) {
    return err(`no media ports: ${error instanceof Error ? error.message : String(error)}`);
  }
}
