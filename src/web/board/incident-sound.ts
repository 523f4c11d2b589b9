import { effect } from '@preact/signals';
import type { BoardStore } from '../state/board-store.js';
import type { BoardView } from '../state/board-view.js';
import { hasNewIncident } from '../state/incidents.js';

/** Falling, soft, and short: it calls a person to the wall, it is no alarm. Hz. */
const NOTES = [659.3, 523.3] as const;
const NOTE_S = 0.22;
const VOLUME = 0.12;
/** Many incidents of one minute are one reason to look. */
const SILENCE_MS = 10_000;

/** Tells a new incident by ear, where a person has switched it on. The sound is made here: there is no file to load. */
export function followIncidentSound(store: BoardStore, view: BoardView): void {
  let context: AudioContext | null = null;
  let heardMs = -Infinity;
  // A browser lets no page be heard before somebody touched it, also where it was switched on the day before
  const wake = (): void => {
    if (!view.soundIsOn.peek()) return;
    context ??= new AudioContext();
    if (context.state === 'suspended') void context.resume();
  };
  for (const gesture of ['click', 'keydown']) addEventListener(gesture, wake);

  let before = store.incidents.peek();
  let isFirst = true;
  effect(() => {
    const now = store.incidents.value;
    const isNews = !isFirst && hasNewIncident(before, now);
    if (store.hasSnapshot) isFirst = false;
    before = now;
    if (!isNews || !view.soundIsOn.peek() || performance.now() - heardMs < SILENCE_MS) return;
    heardMs = performance.now();
    wake();
    if (context) ring(context);
  });
}

function ring(context: AudioContext): void {
  NOTES.forEach((frequency, index) => {
    const startS = context.currentTime + index * NOTE_S;
    const tone = new OscillatorNode(context, { frequency, type: 'sine' });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, startS);
    gain.gain.linearRampToValueAtTime(VOLUME, startS + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, startS + NOTE_S * 2);
    tone.connect(gain).connect(context.destination);
    tone.start(startS);
    tone.stop(startS + NOTE_S * 2);
  });
}
