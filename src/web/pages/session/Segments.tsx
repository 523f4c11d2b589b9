import type { HealthState } from '../../state/health.js';

/** How many of each state, as one bar; it speaks by its label. */
export function Segments({ classes, label }: { classes: { state: HealthState; count: number }[]; label: string }) {
  return (
    <div class="segments" role="img" aria-label={label} title={label}>
      {classes.map(({ state, count }) => (
        <i key={state} data-state={state} style={{ flexGrow: count }} />
      ))}
    </div>
  );
}
