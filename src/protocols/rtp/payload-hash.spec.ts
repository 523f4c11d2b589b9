import { hash32 } from './payload-hash.js';

// test vectors of the authors (draft-eastlake-fnv, section 6)
it.each([
  ['', 0x811c_9dc5],
  ['a', 0xe40c_292c],
  ['foobar', 0xbf9c_f968],
])('FNV-1a of "%s"', (text, hash) => {
  expect(hash32(Buffer.from(text))).toBe(hash);
});
