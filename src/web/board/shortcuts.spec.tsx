import { render } from 'preact';
import { useState } from 'preact/hooks';
import { useShortcut } from './shortcuts.js';

const press = (key: string, target: EventTarget = document): boolean =>
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));

/** State changes are drawn in the next microtask; nothing is painted meanwhile. */
const drawn = async (): Promise<void> => {
  await Promise.resolve();
  await Promise.resolve();
};

describe('a key of the whole page', () => {
  const root = document.body.appendChild(document.createElement('div'));
  const seen: number[] = [];
  function Rows() {
    const [row, setRow] = useState(0);
    useShortcut('ArrowDown', () => setRow(row + 1));
    useShortcut('x', () => seen.push(row));
    return <input value={row} />;
  }
  beforeEach(() => {
    seen.length = 0;
    render(<Rows />, root);
  });
  afterEach(() => render(null, root));

  it('is heard as soon as the page is drawn, and means the row that is drawn', async () => {
    press('x');
    press('ArrowDown');
    await drawn();
    press('x');
    expect(seen).toEqual([0, 1]);
  });

  it('is a letter to whoever writes, and nothing with a modifier', () => {
    press('x', root.querySelector('input') ?? root);
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'x', ctrlKey: true }));
    expect(seen).toEqual([]);
  });

  it('is let go with what it acted on', () => {
    render(null, root);
    press('x');
    expect(seen).toEqual([]);
  });
});
