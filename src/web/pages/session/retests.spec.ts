import { answer } from '../../testing/answer.js';
import { endpoint } from '../../testing/endpoint.js';
import { progressOf, Retests } from './retests.js';

const probed = (at: string) => ({ result: 'pass', reason: 'ok', at, durationMs: 1 }) as const;
const device = (id: string, icmp: string, call: string) =>
  endpoint({ id, probes: { icmp: probed(icmp), 'sip-call': probed(call) } });
const RETEST = { suite: 'full', sites: ['A', 'B'], runIds: ['1', '2', '3', '4'], predictedFinish: '2026-11-23T00:20:30Z' };

function retestsOf(status: number, body: unknown) {
  const asked: unknown[] = [];
  const noted: (readonly string[] | null)[] = [];
  const send = ((url: string, init: RequestInit) => {
    asked.push([url, JSON.parse(init.body as string)]);
    return Promise.resolve(answer(status, JSON.stringify(body)));
  }) as typeof fetch;
  const devicesOf = (sites: readonly string[] | null) => {
    noted.push(sites);
    return [device('A', 't1', 't1'), device('B', 't1', 't1')];
  };
  return { asked, noted, sut: new Retests('s/1', devicesOf, send) };
}

it('asks for all that are red, having noted every device before', async () => {
  const { sut, asked, noted } = retestsOf(202, RETEST);
  await sut.request({ red: true });
  expect(asked).toEqual([['/api/v1/sessions/s%2F1/retest', { red: true }]]);
  expect(noted).toEqual([null]);
  expect(sut.runs.value).toMatchObject([{ sites: ['A', 'B'], total: 4, finishMs: Date.parse(RETEST.predictedFinish) }]);
});

it('counts results that came after it; near the start only those that are no calls', async () => {
  const { sut } = retestsOf(202, RETEST);
  await sut.request({ sites: ['A', 'B'], override: false });
  const [run] = sut.runs.value;
  if (!run) throw new Error('no run');
  expect(progressOf(run, [device('A', 't2', 't1'), device('B', 't1', 't1')])).toEqual({ done: 1, total: 4, isFinished: false });
  const both = [device('A', 't2', 't2'), device('B', 't2', 't2')];
  expect(progressOf(run, both)).toEqual({ done: 4, total: 4, isFinished: true });
  expect(progressOf({ ...run, suite: 'light', total: 2 }, [device('A', 't1', 't2')])).toMatchObject({ done: 0 });
});

it('replaces a run that the new one covers, and keeps the others', async () => {
  const { sut } = retestsOf(202, RETEST);
  await sut.request({ red: true });
  await sut.request({ red: true });
  expect(sut.runs.value).toHaveLength(1);
  sut.dismiss(sut.runs.value[0]?.id ?? 0);
  expect(sut.runs.value).toEqual([]);
});

it('says why it was refused, and asks for nothing without a site', async () => {
  const { sut, asked } = retestsOf(503, { detail: 'the prober is away' });
  await sut.request({ sites: [], override: false });
  expect(asked).toEqual([]);
  await sut.request({ sites: ['A'], override: true });
  expect(sut.failure.value).toMatchObject({ detail: 'the prober is away' });
  expect(sut.runs.value).toEqual([]);
});
