import { answer } from '../testing/answer.js';
import { api } from './api.js';

const answering = (response: Response) => {
  const asked: { url: string; init: RequestInit }[] = [];
  const send = ((url: string, init: RequestInit) => {
    asked.push({ url, init });
    return Promise.resolve(response);
  }) as typeof fetch;
  return { asked, send };
};

it('gives the value with its ETag', async () => {
  const { asked, send } = answering(answer(200, '{"id":"s1"}', { etag: '"3"' }));
  expect(await api('/sessions/s1', {}, send)).toEqual({ kind: 'ok', value: { id: 's1' }, etag: '"3"' });
  expect(asked[0]?.url).toBe('/api/v1/sessions/s1');
});

it('sends a change with the ETag that it was made on', async () => {
  const { asked, send } = answering(answer(200, '{}'));
  await api('/sessions/s1', { method: 'PATCH', body: { title: 'x' }, etag: '"3"' }, send);
  expect(asked[0]?.init).toMatchObject({ method: 'PATCH', body: '{"title":"x"}', headers: { 'if-match': '"3"' } });
});

it('gives the sentence of a problem document, with the document', async () => {
  const problem = { title: 'Bad Request', detail: 'startsAt: not a time', errors: [{ field: 'startsAt' }] };
  const { send } = answering(answer(400, JSON.stringify(problem)));
  expect(await api('/sessions', {}, send)).toEqual({ kind: 'refused', status: 400, detail: 'startsAt: not a time', problem });
});

it('says the status of an answer that is no problem document', async () => {
  const { send } = answering(answer(502, '<html>'));
  expect(await api('/sessions', {}, send)).toEqual({ kind: 'refused', status: 502, detail: 'HTTP 502', problem: {} });
});

it('says that the server is away', async () => {
  const send = (() => Promise.reject(new TypeError('fetch failed'))) as typeof fetch;
  expect(await api('/sessions', {}, send)).toEqual({ kind: 'unreachable' });
});
