import fc from 'fast-check';
import { PathMtuSearch } from './icmp-path-mtu.js';

/** A path of links: a packet fails at the first that is too small for it, which says so or not. */
interface Link {
  mtu: number;
  says: 'mtu' | 'something' | 'nothing' | 'nonsense';
}

function sweep(links: Link[], least = 576): { result: PathMtuSearch['result']; steps: number } {
  const search = new PathMtuSearch(least, 1500);
  let steps = 0;
  for (let size = search.next(); size !== undefined; size = search.next()) {
    if (++steps > 40) throw new Error('it does not end');
    const tried = size;
    const at = links.findIndex(({ mtu }) => mtu < tried);
    const link = links[at];
    if (!link) search.passed(size);
    else if (link.says === 'nothing') search.tooBig(size);
    else search.tooBig(size, `r${at}`, { mtu: link.mtu, something: undefined, nonsense: 9_000 }[link.says]);
  }
  return { result: search.result, steps };
}

const mtu = fc.integer({ min: 576, max: 1500 });
const link = fc.record({ mtu, says: fc.constantFrom<Link['says'][]>('mtu', 'something', 'nothing', 'nonsense') });

describe(PathMtuSearch.name, () => {
  it('finds the smallest link of any path, in few steps', () => {
    fc.assert(
      fc.property(fc.array(link, { maxLength: 6 }), (links) => {
        const { result, steps } = sweep(links);
        expect(result.bytes).toBe(Math.min(1500, ...links.map((one) => one.mtu)));
        expect(steps).toBeLessThanOrEqual(18);
      }),
    );
  });

  it('needs one packet for a full path, and one more for each router that names its link', () => {
    expect(sweep([])).toEqual({ result: { bytes: 1500 }, steps: 1 });
    const links: Link[] = [
      { mtu: 1450, says: 'mtu' },
      { mtu: 1400, says: 'mtu' },
    ];
    expect(sweep(links)).toEqual({ result: { bytes: 1400, limitedBy: 'r1' }, steps: 3 });
  });

  it('names nobody where larger packets just vanish, and who complained where no size was named', () => {
    expect(sweep([{ mtu: 1380, says: 'nothing' }]).result).toEqual({ bytes: 1380 });
    expect(sweep([{ mtu: 1380, says: 'something' }]).result).toEqual({ bytes: 1380, limitedBy: 'r0' });
  });

  it('gives up after two sizes where large echo requests are not answered at all', () => {
    expect(sweep([{ mtu: 100, says: 'nothing' }])).toEqual({ result: {}, steps: 2 });
  });

  it('does not believe a router that names what cannot be', () => {
    expect(sweep([{ mtu: 1400, says: 'nonsense' }]).result.bytes).toBe(1400);
    const search = new PathMtuSearch(1280, 1500);
    search.tooBig(1500, 'liar', 68);
    expect(search.next()).toBe(1280);
  });
});
