import { answer } from '../testing/answer.js';
import { endpoint } from '../testing/endpoint.js';
import { CheckNow, OVERDUE_AFTER_MS, progressOf } from './check-now.js';

const view = endpoint({ id: 'a/1', probes: { icmp: { result: 'pass', reason: 'ok', at: 't1', durationMs: 1 } } });
const answering =
  (status: number, body: string): typeof fetch =>
  () =>
    Promise.resolve(answer(status, body));

describe(CheckNow.name, () => {
  it('asks for the endpoint and waits for as many results as there are runs', async () => {
    const asked: unknown[] = [];
    const checks = new CheckNow((url, options) => {
      asked.push([url, options?.method]);
      return answering(202, '{"runIds":["r1","r2"]}')(url, options);
    });
    await checks.request(view);
    expect(asked).toEqual([['/api/v1/endpoints/a%2F1/checks', 'POST']]);
    expect(checks.runOf('a/1').value).toMatchObject({ phase: 'waiting', expected: 2, before: { icmp: 't1' } });
  });

  it('tells why the server refused, also when it does not explain itself', async () => {
    const explained = new CheckNow(answering(503, '{"title":"Unavailable","detail":"the prober is being restarted"}'));
    await explained.request(view);
    expect(explained.runOf(view.id).value).toMatchObject({
      phase: 'failed',
      failure: { detail: 'the prober is being restarted' },
    });
    const mute = new CheckNow(answering(502, '<html>'));
    await mute.request(view);
    expect(mute.runOf(view.id).value).toMatchObject({ phase: 'failed', failure: { detail: 'HTTP 502' } });
  });

  it('tells when the server cannot be reached', async () => {
    const checks = new CheckNow(() => Promise.reject(new TypeError('Failed to fetch')));
    await checks.request(view);
    expect(checks.runOf(view.id).value).toEqual({ phase: 'failed', failure: { kind: 'unreachable' } });
  });
});

describe(progressOf.name, () => {
  const run = { phase: 'waiting', expected: 2, before: { icmp: 't1' }, requestedMs: 0 } as const;
  const result = (at: string) => ({ result: 'pass', reason: 'ok', at, durationMs: 1 }) as const;

  it('counts results that are newer than the request', () => {
    expect(progressOf(run, view, 1)).toMatchObject({ done: 0, finished: false });
    expect(progressOf(run, { ...view, probes: { icmp: result('t2') } }, 1)).toMatchObject({ done: 1, finished: false });
    expect(progressOf(run, { ...view, probes: { icmp: result('t2'), tcp: result('t2') } }, 1)).toMatchObject({
      done: 2,
      finished: true,
    });
  });

  it('admits that it takes too long', () => {
    expect(progressOf(run, view, OVERDUE_AFTER_MS).overdue).toBe(false);
    expect(progressOf(run, view, OVERDUE_AFTER_MS + 1).overdue).toBe(true);
  });
});
