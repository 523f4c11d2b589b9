import { BackPressureError, GroupCommit } from './group-commit.js';

/** A write that ends when the test says so. */
function heldWrites() {
  const writes: { items: readonly number[]; end(refused?: number[]): void; fail(error: Error): void }[] = [];
  const write = (items: readonly number[]): Promise<number[]> =>
    new Promise((resolve, reject) => writes.push({ items, end: (refused = []) => resolve(refused), fail: reject }));
  return { writes, write };
}
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe(GroupCommit.name, () => {
  it('writes at once what comes alone, and together what came meanwhile', async () => {
    const { writes, write } = heldWrites();
    const group = new GroupCommit(write, { batch: 100, waiting: 100 });
    const done = [group.add([1]), group.add([2, 3]), group.add([4])];
    expect(writes.map(({ items }) => items)).toEqual([[1]]);
    writes[0]?.end();
    await settle();
    expect(writes.map(({ items }) => items)).toEqual([[1], [2, 3, 4]]);
    writes[1]?.end();
    await Promise.all(done);
  });

  it('never cuts an entry, and keeps to the batch otherwise', async () => {
    const { writes, write } = heldWrites();
    const group = new GroupCommit(write, { batch: 3, waiting: 100 });
    const done = [[0], [1, 2], [3, 4], [5, 6, 7, 8, 9]].map((items) => group.add(items));
    for (let i = 0; i < 4; i++) {
      writes[i]?.end();
      await settle();
    }
    await Promise.all(done);
    expect(writes.map(({ items }) => items)).toEqual([[0], [1, 2], [3, 4], [5, 6, 7, 8, 9]]);
  });

  it('tells who waited when the write failed, and goes on with the next', async () => {
    const { writes, write } = heldWrites();
    const group = new GroupCommit(write, { batch: 100, waiting: 100 });
    const first = group.add([1]);
    const second = group.add([2]);
    writes[0]?.fail(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    writes[1]?.end([2]);
    expect(await second).toEqual([2]);
  });

  it('refuses what is beyond its bound instead of growing, and takes it later', async () => {
    const { writes, write } = heldWrites();
    const group = new GroupCommit(write, { batch: 2, waiting: 4 });
    const done = [group.add([1]), group.add([2, 3]), group.add([4])];
    await expect(group.add([5, 6])).rejects.toBeInstanceOf(BackPressureError);
    writes[0]?.end();
    await settle();
    done.push(group.add([5, 6]));
    for (let i = 1; i < 4; i++) {
      writes[i]?.end();
      await settle();
    }
    await Promise.all(done);
    expect(writes.flatMap(({ items }) => items)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
