import { useComputed } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { EndpointView } from '../../live/feed-events.js';
import type { SiteModel } from '../state/site-model.js';
import { tileAge, tileLabel } from '../text/sentences.js';
import { ArrowIcon, SignalIcon, StateIcon } from './icons.js';
import { useBoard } from './services.js';

const FADE_MS = 300;
/** Each tile that fades is a layer of its own: a hundred at once kept a wall without a graphics card from showing them for a second. */
const FADES_AT_ONCE = 8;
let fading = 0;

/** One site. It is drawn again when its own endpoints change, and its age once it reads differently. */
export function Tile({ site }: { site: SiteModel }) {
  const { clock, store, view } = useBoard();
  const shown = site.shown.value;
  const age = useComputed(() => tileAge(site.shown.value, clock.nowMs.value));
  const tabIndex = useComputed(() => (view.tabStop.value === site.code ? 0 : -1));
  const pressed = useComputed(() => view.selected.value === site.code);
  const severity = useComputed(() => store.causeOfSite.value.get(site.code)?.severity);
  const button = useFadeOnChange(shown.state);
  const label = tileLabel(site, clock.nowMs.peek());
  return (
    <button
      ref={button}
      type="button"
      class="tile"
      data-state={shown.state}
      data-site={site.code}
      data-incident={severity}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      tabIndex={tabIndex}
      onFocus={() => (view.focused.value = site.code)}
      onClick={() => (view.selected.value = site.code)}
    >
      <span class="tile-name">{site.name}</span>
      <span class="tile-foot">
        <SignalArrows endpoint={shown} />
        <span class="tile-age">{age}</span>
        <StateIcon state={shown.state} />
      </span>
    </button>
  );
}

/** Four signals; of a room that meets by sound two. */
function SignalArrows({ endpoint: { signals, needs } }: { endpoint: EndpointView }) {
  return (
    <span class="four-signals">
      <ArrowIcon direction="in" />
      {needs.includes('videoIn') && <SignalIcon name="videoIn" state={signals.videoIn} />}
      <SignalIcon name="audioIn" state={signals.audioIn} />
      <ArrowIcon direction="out" />
      {needs.includes('videoOut') && <SignalIcon name="videoOut" state={signals.videoOut} />}
      <SignalIcon name="audioOut" state={signals.audioOut} />
    </span>
  );
}

/** An animation, not a CSS transition: a tile that changes also moves in its group, and moving a node ends its transitions. */
function useFadeOnChange(state: string) {
  const element = useRef<HTMLButtonElement>(null);
  const drawn = useRef(state);
  useLayoutEffect(() => {
    if (drawn.current === state) return;
    drawn.current = state;
    if (fading < FADES_AT_ONCE && !matchMedia('(prefers-reduced-motion: reduce)').matches) fade(element.current);
  }, [state]);
  return element;
}

function fade(element: HTMLElement | null): void {
  const animation = element?.animate([{ opacity: 0.15 }, { opacity: 1 }], { duration: FADE_MS, easing: 'ease-out' });
  if (!animation) return;
  fading += 1;
  const over = (): void => void (fading -= 1);
  animation.finished.then(over, over);
}
