import { useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { useBoard } from '../../board/services.js';
import { SessionData } from './session-data.js';

/** The feed tells of a session when its figures change; that a reason or a phone note is new only asking can tell. */
const POLL_MS = 10_000;

/** Everything of one session for as long as its page is open. */
export function useSession(id: string): SessionData {
  const { store } = useBoard();
  const data = useMemo(() => new SessionData(id, store), [id, store]);
  useSignalEffect(() => {
    void data.live.value;
    data.refresh();
  });
  const revision = data.live.value?.revision;
  const hasStarted = useHasStarted(data);
  useEffect(() => data.refreshRecords(), [data, revision]);
  useEffect(() => {
    if (hasStarted) void data.snapshot.load();
  }, [data, hasStarted]);
  useEffect(() => {
    const poll = setInterval(() => data.refresh(), POLL_MS);
    return () => clearInterval(poll);
  }, [data]);
  return data;
}

/** The picture is frozen with the first second of the session. */
const FROZEN_AFTER_MS = 3_000;

function useHasStarted(data: SessionData): boolean {
  const { clock } = useBoard();
  const session = data.session.value;
  return session !== null && clock.nowMs.value >= Date.parse(session.startsAt) + FROZEN_AFTER_MS;
}
