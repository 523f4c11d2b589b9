import { answer } from '../testing/answer.js';
import { Fetched } from './fetched.js';

describe(Fetched.name, () => {
  it('asks once more when it was wished for while a request was under way', async () => {
    const waiting: ((response: Response) => void)[] = [];
    const sut = new Fetched<{ n: number }>('/x', () => new Promise((resolve) => waiting.push(resolve)));
    const loaded = sut.load();
    void sut.load();
    void sut.load();
    expect(waiting).toHaveLength(1);
    waiting[0]?.(answer(200, '{"n":1}', { etag: '"1"' }));
    await until(() => waiting.length === 2);
    expect(sut.value.value).toEqual({ n: 1 });
    waiting[1]?.(answer(200, '{"n":2}', { etag: '"2"' }));
    await loaded;
    expect([sut.value.value, sut.etag, waiting.length]).toEqual([{ n: 2 }, '"2"', 2]);
  });

  it('keeps what was read when the server is away, and says so', async () => {
    const answers = [() => Promise.resolve(answer(200, '{"n":1}')), () => Promise.reject(new TypeError('away'))];
    const sut = new Fetched<{ n: number }>('/x', () => answers.shift()?.() ?? Promise.reject(new Error('asked too often')));
    await sut.load();
    expect(sut.failure.value).toBeNull();
    await sut.load();
    expect([sut.value.value, sut.failure.value]).toEqual([{ n: 1 }, { kind: 'unreachable' }]);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await Promise.resolve();
}
