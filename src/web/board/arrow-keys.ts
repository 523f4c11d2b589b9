import { type Direction, walk } from '../state/dense-grid.js';
import type { BoardView } from '../state/board-view.js';

const DIRECTIONS: readonly string[] = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'] satisfies Direction[];

/** Arrow keys walk over the tiles as the eye does, also from one group into the next. */
export function moveFocus(event: KeyboardEvent): void {
  const from = document.activeElement;
  if (!(from instanceof HTMLElement) || !from.classList.contains('tile') || !isDirection(event.key)) return;
  if (event.altKey || event.ctrlKey || event.metaKey || !(event.currentTarget instanceof HTMLElement)) return;
  const tiles = [...event.currentTarget.querySelectorAll<HTMLElement>('.tile')];
  event.preventDefault();
  target(tiles, from, event.key)?.focus();
}

/** The same over painted tiles, of which only the one with the focus is an element. */
export function stepFocus(event: KeyboardEvent, view: BoardView, columns: number): void {
  const from = event.target instanceof HTMLElement ? event.target.dataset.site : undefined;
  if (from === undefined || !isDirection(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const codes = view.groups.value.map((group) => group.visible.value.map((site) => site.code));
  const next = walk(codes, columns, from, event.key);
  if (next === undefined) return;
  view.stepTo = next;
  view.focused.value = next;
}

const isDirection = (key: string): key is Direction => DIRECTIONS.includes(key);

function target(tiles: HTMLElement[], from: HTMLElement, direction: Direction): HTMLElement | undefined {
  const index = tiles.indexOf(from);
  switch (direction) {
    case 'Home':
      return tiles[0];
    case 'End':
      return tiles[tiles.length - 1];
    case 'ArrowLeft':
      return tiles[index - 1];
    case 'ArrowRight':
      return tiles[index + 1];
    case 'ArrowUp':
      return nearestInNextRow(tiles.slice(0, index).reverse(), from);
    case 'ArrowDown':
      return nearestInNextRow(tiles.slice(index + 1), from);
  }
}

/** @param ahead tiles in the direction of travel, nearest first */
function nearestInNextRow(ahead: HTMLElement[], from: HTMLElement): HTMLElement | undefined {
  const next = ahead.find((tile) => tile.getBoundingClientRect().top !== from.getBoundingClientRect().top);
  if (!next) return undefined;
  const rowTop = next.getBoundingClientRect().top;
  const left = from.getBoundingClientRect().left;
  const distance = (tile: HTMLElement): number => Math.abs(tile.getBoundingClientRect().left - left);
  return ahead
    .filter((tile) => tile.getBoundingClientRect().top === rowTop)
    .reduce((best, tile) => (distance(tile) < distance(best) ? tile : best), next);
}
