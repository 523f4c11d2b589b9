import type { HealthState, SignalName, SignalState } from '../state/health.js';
import { STATE_SHAPES } from './state-shapes.js';

export function StateIcon({ state }: { state: HealthState }) {
  const { path, penWidth } = STATE_SHAPES[state];
  return (
    <svg class="state-icon" data-state={state} viewBox="0 0 12 12" aria-hidden="true">
      {penWidth === undefined ? (
        <path d={path} fill="currentColor" />
      ) : (
        <path d={path} fill="none" stroke="currentColor" stroke-width={penWidth} stroke-linecap="round" />
      )}
    </svg>
  );
}

const CAMERA =
  'M1.2 4.2c0-.7.5-1.2 1.2-1.2h5c.7 0 1.2.5 1.2 1.2v5.6c0 .7-.5 1.2-1.2 1.2h-5c-.7 0-1.2-.5-1.2-1.2zM8.6 6.3l4-2v5.4l-4-2z';
const MICROPHONE = 'M7 1.4a2 2 0 0 1 2 2v3.2a2 2 0 0 1-4 0V3.4a2 2 0 0 1 2-2z';
const MICROPHONE_STAND = 'M3.4 6.4a3.6 3.6 0 0 0 7.2 0M7 10v2.4';

/** Filled: flowing. Half: poor. Struck: absent. Faint: not known. */
export function SignalIcon({ name, state }: { name: SignalName; state: SignalState }) {
  const isVideo = name === 'videoIn' || name === 'videoOut';
  return (
    <svg class="signal-icon" data-signal={state} viewBox="0 0 14 14" aria-hidden="true">
      <path class="signal-body" d={isVideo ? CAMERA : MICROPHONE} />
      {!isVideo && <path class="signal-stand" d={MICROPHONE_STAND} />}
      {state === 'absent' && <path class="signal-gap" d="M1.5 12.5l11-11" />}
      {state === 'absent' && <path class="signal-strike" d="M1.5 12.5l11-11" />}
    </svg>
  );
}

const ARROWS = { in: 'M4 1v7.4M1.2 5.8 4 8.8l2.8-3', out: 'M4 9V1.6M1.2 4.2 4 1.2l2.8 3' } as const;

export function ArrowIcon({ direction }: { direction: keyof typeof ARROWS }) {
  return (
    <svg class="arrow-icon" viewBox="0 0 8 10" aria-hidden="true">
      <path d={ARROWS[direction]} />
    </svg>
  );
}
