import { judgeFreshness, STALE_AFTER_MS } from './freshness.js';

describe(judgeFreshness.name, () => {
  const heard = { connected: true, heardMs: 1_000, startedMs: 0 };

  it('is fresh for five seconds after the last word, then stale since that word', () => {
    expect(judgeFreshness(heard, 1_000 + STALE_AFTER_MS)).toEqual({ kind: 'fresh', ageMs: STALE_AFTER_MS });
    expect(judgeFreshness(heard, 1_001 + STALE_AFTER_MS)).toEqual({ kind: 'stale', sinceMs: STALE_AFTER_MS + 1 });
  });

  it('is stale at once when the socket is lost', () => {
    expect(judgeFreshness({ ...heard, connected: false }, 1_200)).toEqual({ kind: 'stale', sinceMs: 200 });
  });

  it('waits for a first snapshot, but not for ever', () => {
    const silent = { connected: true, heardMs: null, startedMs: 0 };
    expect(judgeFreshness(silent, STALE_AFTER_MS)).toEqual({ kind: 'waiting' });
    expect(judgeFreshness(silent, STALE_AFTER_MS + 1)).toEqual({ kind: 'stale', sinceMs: null });
  });
});
