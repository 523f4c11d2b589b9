import { answer } from '../../testing/answer.js';
import type { AttendanceView } from './api-types.js';
import { openCount, RollCallDesk } from './roll-call-desk.js';

const site = (siteCode: string, part: Partial<AttendanceView> = {}): AttendanceView => ({
  ...{ siteCode, siteName: `Xã ${siteCode}`, role: 'participant', required: true, state: 'expected', arrivedAt: null },
  ...{ suggestion: null, history: [] },
  ...part,
});

const NOW_MS = Date.parse('2026-11-23T00:20:00Z');

/** A server that holds its answers to marks back until it is told. */
async function deskOf(items: AttendanceView[]) {
  const sent: Record<string, unknown>[] = [];
  const held: ((status: number) => void)[] = [];
  const send = ((_url: string, init: RequestInit) => {
    if (init.method !== 'POST') return Promise.resolve(answer(200, JSON.stringify({ items, total: items.length })));
    const body = JSON.parse(init.body as string) as { siteCode: string };
    sent.push(body);
    return new Promise<Response>((resolve) =>
      held.push((status) =>
        resolve(answer(status, JSON.stringify(site(body.siteCode, { state: 'late', detail: 'no' } as never)))),
      ),
    );
  }) as typeof fetch;
  const services = { sessionId: 's 1', connectByMs: NOW_MS + 1, nowMs: () => NOW_MS, by: () => 'An', send };
  const desk = new RollCallDesk(services);
  await desk.load();
  return { desk, sent, release: (status: number) => (held.shift()?.(status), settle()) };
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

it('calls the far end first', async () => {
  const { desk } = await deskOf([site('A'), site('UBND', { role: 'counterpart' })]);
  expect(desk.shown.value?.siteCode).toBe('UBND');
});

it('shows a mark at once, sends one after the other, and takes what the server makes of it', async () => {
  const { desk, sent, release } = await deskOf([site('A'), site('B')]);
  desk.press('present');
  desk.press('absent');
  await settle();
  expect(sent).toEqual([{ siteCode: 'A', mark: 'present', at: '2026-11-23T00:20:00.000Z', by: 'An' }]);
  expect([desk.sites.value.get('A')?.state, desk.sites.value.get('B')?.state, desk.unsent.value]).toEqual([
    'on-time',
    'absent',
    2,
  ]);
  await release(200);
  expect([desk.sites.value.get('A')?.state, sent.length, desk.unsent.value]).toEqual(['late', 2, 1]);
  await release(200);
  expect([desk.unsent.value, openCount(desk.counts.value)]).toEqual([0, 0]);
});

it('takes back what the server refuses, names it and returns to it', async () => {
  const { desk, release } = await deskOf([site('A'), site('B')]);
  desk.press('present');
  await settle();
  await release(422);
  expect(desk.sites.value.get('A')?.state).toBe('expected');
  expect(desk.failure.value).toMatchObject({ siteName: 'Xã A', failure: { kind: 'refused', status: 422 } });
  expect(desk.shown.value?.siteCode).toBe('A');
});

it('marks as a call that was seen suggests, and nothing where none was', async () => {
  const { desk, sent } = await deskOf([site('A', { suggestion: { mark: 'late', at: '2026-11-23T00:10:00Z' } }), site('B')]);
  desk.accept();
  desk.accept();
  await settle();
  expect(sent).toMatchObject([{ siteCode: 'A', mark: 'late' }]);
});

it('keeps marks that are on their way when the list is read anew', async () => {
  const { desk } = await deskOf([site('A'), site('B')]);
  desk.press('absent');
  await desk.load();
  expect(desk.sites.value.get('A')?.state).toBe('absent');
});
