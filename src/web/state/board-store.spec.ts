import { effect } from '@preact/signals';
import { endpoint, snapshot } from '../testing/endpoint.js';
import { BoardStore } from './board-store.js';
import { BoardView } from './board-view.js';

const at = '2026-11-23T00:00:01.000Z';
const namesOf = (view: BoardView): string[][] => view.groups.value.map((group) => group.visible.value.map((site) => site.name));

describe(BoardStore.name, () => {
  it('draws only the site that changed', () => {
    const store = new BoardStore();
    store.receiveSnapshot(snapshot(1, [endpoint({ id: 'a' }), endpoint({ id: 'b' })]));
    const drawn: string[] = [];
    for (const site of store.sites.value) effect(() => void drawn.push(`${site.code} ${site.shown.value.state}`));
    const sitesBefore = store.sites.value;
    drawn.length = 0;
    store.receiveDelta({ seq: 2, at, endpoints: [endpoint({ id: 'b', state: 'ready' })] });
    expect(drawn).toEqual(['b ready']);
    expect(store.sites.value).toBe(sitesBefore);
  });

  it('says so when something was missed', () => {
    const store = new BoardStore();
    store.receiveSnapshot(snapshot(1, [endpoint({ id: 'a' })]));
    expect(store.receiveDelta({ seq: 3, at, endpoints: [endpoint({ id: 'a', state: 'ready' })] })).toBe(false);
    expect(store.sites.value[0]?.state.value).toBe('untested');
  });

  it('makes one site of several endpoints and shows a better backup', () => {
    const store = new BoardStore();
    const main = endpoint({ id: 'a-1', siteCode: 'a', state: 'down' });
    const backup = endpoint({ id: 'a-2', siteCode: 'a', ordinal: 2, state: 'untested' });
    store.receiveSnapshot(snapshot(1, [backup, main]));
    expect(store.sites.value).toHaveLength(1);
    expect(store.sites.value[0]?.state.value).toBe('down');
    store.receiveDelta({ seq: 2, at, endpoints: [{ ...backup, state: 'ready' }] });
    expect(store.sites.value[0]?.state.value).toBe('ready');
    expect(store.worklist.value).toEqual([]);
  });

  it('keeps the groups in their place, and inside a group the worst first, then in Vietnamese order', () => {
    const store = new BoardStore();
    const view = new BoardView(store);
    store.receiveSnapshot(
      snapshot(1, [
        endpoint({ id: '1', siteName: 'Xã Đại Đình', area: 'Vĩnh Phúc', state: 'ready' }),
        endpoint({ id: '2', siteName: 'Xã Yên Lạc', area: 'Vĩnh Phúc', state: 'degraded' }),
        endpoint({ id: '3', siteName: 'Xã Đạo Trù', area: 'Vĩnh Phúc', state: 'ready' }),
        endpoint({ id: '4', siteName: 'Xã Dũng Tiến', area: 'Hòa Bình', state: 'ready' }),
        endpoint({ id: '5', siteName: 'Xã An Bình', area: 'Vĩnh Phúc', state: 'ready' }),
        endpoint({ id: '6', siteName: 'UBND tỉnh', tier: 'province', area: 'Vĩnh Phúc', state: 'ready' }),
      ]),
    );
    const order = [['UBND tỉnh'], ['Dũng Tiến'], ['Yên Lạc', 'An Bình', 'Đại Đình', 'Đạo Trù']];
    expect(namesOf(view)).toEqual(order);
    store.receiveDelta({
      seq: 2,
      at,
      endpoints: [endpoint({ id: '3', siteName: 'Xã Đạo Trù', area: 'Vĩnh Phúc', state: 'down' })],
    });
    expect(namesOf(view)).toEqual([...order.slice(0, 2), ['Đạo Trù', 'Yên Lạc', 'An Bình', 'Đại Đình']]);
    view.query.value = 'dao';
    expect(namesOf(view)).toEqual([[], [], ['Đạo Trù']]);
  });

  it('notes changes from deltas and from a later snapshot, not from the first one', () => {
    const store = new BoardStore();
    store.receiveSnapshot(snapshot(1, [endpoint({ id: 'a', state: 'ready' })]));
    expect(store.changes.value).toEqual([]);
    store.receiveDelta({
      seq: 2,
      at,
      endpoints: [endpoint({ id: 'a', state: 'down', reason: 'no-answer' }), endpoint({ id: 'b' })],
    });
    store.receiveSnapshot(snapshot(9, [endpoint({ id: 'a', state: 'ready', reason: 'ok' })]));
    expect(store.changes.value.map(({ siteCode, from, to }) => `${siteCode} ${from} ${to}`)).toEqual([
      'a ready down',
      'a down ready',
    ]);
  });

  it('counts every state and forgets sites that left', () => {
    const store = new BoardStore();
    store.receiveSnapshot(snapshot(1, [endpoint({ id: 'a', state: 'ready' }), endpoint({ id: 'b', state: 'down' })]));
    store.receiveDelta({ seq: 2, at, removed: ['b', 'stranger'] });
    expect([store.counts.value.get('ready'), store.counts.value.get('down')]).toEqual([1, 0]);
    expect(store.site('b')).toBeUndefined();
  });

  it('puts into the worklist whom a person has to help, sites everybody depends on first', () => {
    const store = new BoardStore();
    store.receiveSnapshot(
      snapshot(1, [
        endpoint({ id: 'in-use', state: 'in-use' }),
        endpoint({ id: 'maintenance', state: 'maintenance' }),
        endpoint({ id: 'down', state: 'down' }),
        endpoint({ id: 'top', tier: 'province', state: 'unverified' }),
        endpoint({ id: 'unknown', state: 'unknown' }),
      ]),
    );
    expect(store.worklist.value.map((site) => site.code)).toEqual(['top', 'down', 'unknown']);
  });
});
