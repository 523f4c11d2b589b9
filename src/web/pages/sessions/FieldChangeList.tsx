import { useBoard } from '../../board/services.js';
import { momentOf } from '../../text/time.js';
import type { FieldChanges } from './api-types.js';

/** Fields of a session before and after, moments in the time of Hà Nội. */
export function FieldChangeList({ fields }: { fields: FieldChanges }) {
  const { clock } = useBoard();
  const textOf = (value: unknown): string => {
    if (typeof value !== 'string') return JSON.stringify(value);
    return /^\d{4}-\d\d-\d\dT/.test(value) ? momentOf(Date.parse(value), clock.nowMs.peek()) : value;
  };
  return (
    <>
      {Object.entries(fields).map(([field, { from, to }]) => (
        <p key={field} class="field-change">
          {field}: <del>{textOf(from)}</del> <ins>{textOf(to)}</ins>
        </p>
      ))}
    </>
  );
}
