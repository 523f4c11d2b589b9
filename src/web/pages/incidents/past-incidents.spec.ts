import { answer } from '../../testing/answer.js';
import { incidentOf } from '../../testing/incident.js';
import { PastIncidents } from './past-incidents.js';

const NOW = Date.parse('2026-11-23T00:00:00Z');
const STORED = Array.from({ length: 120 }, (_, n) => incidentOf({ id: `${n}`, state: n % 10 === 3 ? 'open' : 'resolved' }));

const server = () => {
  const asked: URL[] = [];
  const send = ((path: string) => {
    const url = new URL(path, 'http://monitor');
    asked.push(url);
    const [limit = 0, offset = 0] = ['limit', 'offset'].map((name) => Number(url.searchParams.get(name)));
    const items = STORED.slice(offset, offset + limit);
    return Promise.resolve(answer(200, JSON.stringify({ items, total: STORED.length })));
  }) as typeof fetch;
  return { asked, send };
};

it('asks for page after page of one fixed time, leaves out what is still open, and knows the last', async () => {
  const { asked, send } = server();
  const past = new PastIncidents(NOW, 90, send);
  while (!past.isComplete.value) await past.more();
  expect(past.items.value.map(({ id }) => id)).toEqual(STORED.filter(({ state }) => state === 'resolved').map(({ id }) => id));
  expect(asked.map((url) => url.searchParams.get('offset'))).toEqual(['0', '50', '100']);
  expect(new Set(asked.map((url) => url.searchParams.get('to')))).toEqual(new Set(['2026-11-23T00:00:00.000Z']));
});

it('asks once, however often it is pressed', async () => {
  const { asked, send } = server();
  const past = new PastIncidents(NOW, 90, send);
  await Promise.all([past.more(), past.more()]);
  expect(asked).toHaveLength(1);
});

it('keeps what it has when the server is away, and goes on from there', async () => {
  const { send } = server();
  let isAway = false;
  const past = new PastIncidents(NOW, 90, ((path: string) =>
    isAway ? Promise.reject(new TypeError('away')) : send(path)) as typeof fetch);
  await past.more();
  isAway = true;
  await past.more();
  expect(past.answer.value).toEqual({ kind: 'unreachable' });
  expect(past.items.value).toHaveLength(45);
  isAway = false;
  await past.more();
  expect(past.items.value).toHaveLength(90);
});
