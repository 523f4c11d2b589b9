import { readinessOf } from './readiness.js';
import { summaryOf } from './readiness-view.js';
import { factsOf, sessionOf, START_MS } from './testing/readiness-facts.js';

describe(summaryOf.name, () => {
  it('counts as ready whom the verdict counts: also rooms that have joined and were seen to be well before', () => {
    const facts = [
      factsOf('1', { state: 'ready', reason: 'ok' }),
      factsOf('2', { state: 'in-use', reason: 'busy', isProven: true }),
      factsOf('3', { state: 'in-use', reason: 'busy', isProven: false }),
      factsOf('4', { state: 'down', reason: 'no-answer' }),
    ];
    const readiness = readinessOf(sessionOf(), facts, START_MS);
    expect(summaryOf(readiness, [])).toMatchObject({ ready: readiness.required.ready, total: 4 });
    expect(readiness).toMatchObject({ ready: 1, required: { ready: 2 } });
  });
});
