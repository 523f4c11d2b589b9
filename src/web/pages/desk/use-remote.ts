import { useCallback, useEffect, useState } from 'preact/hooks';
import { api, type ApiResult } from '../../feed/api.js';

export interface Remote<T> {
  /** null: not answered yet */
  answer: ApiResult<T> | null;
  /** the last value, kept while it is asked for again */
  value: T | null;
  reload: () => void;
}

/**
 * What the API says of a path, asked again when the path or `version` changes. Answers to what is not wanted any more are dropped.
 *
 * @param path null: nothing is wanted now
 */
export function useRemote<T>(path: string | null, version: unknown = null): Remote<T> {
  const [held, setHeld] = useState<{ path: string | null; answer: ApiResult<T> | null; value: T | null }>(NOTHING);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (path === null) return;
    const aborting = new AbortController();
    api<T>(path, { signal: aborting.signal }).then(
      (answer) =>
        setHeld((before) => ({
          path,
          answer,
          value: answer.kind === 'ok' ? answer.value : before.path === path ? before.value : null,
        })),
      ignoreAbort,
    );
    return () => aborting.abort();
  }, [path, version, asked]);
  const reload = useCallback(() => setAsked((times) => times + 1), []);
  const isOfPath = held.path === path;
  return { answer: isOfPath ? held.answer : null, value: isOfPath ? held.value : null, reload };
}

const NOTHING = { path: null, answer: null, value: null };

export function ignoreAbort(error: unknown): void {
  if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
}
