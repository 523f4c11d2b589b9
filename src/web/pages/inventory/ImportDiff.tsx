import type { EndpointRecord } from '../../../inventory/endpoint-record.js';
import type { ComponentChildren } from 'preact';
import { t } from '../../i18n/index.js';
import type { ImportReport } from './api-types.js';
import { fieldName } from './faults.js';

const SHOWN = 200;

/** What a file would change, or has changed: added, changed field by field, removed. */
export function ImportDiff({ report }: { report: ImportReport }) {
  const { added, changed, removed, unchanged, dryRun, ignoredColumns } = report;
  const counts = { added: added.length, changed: changed.length, removed: removed.length, unchanged };
  return (
    <div class="inv-diff">
      <p role="status">
        <b>{t(dryRun ? 'inv.would' : 'inv.did', counts)}</b>
      </p>
      {ignoredColumns.length > 0 && <p>{t('inv.ignored', { columns: ignoredColumns.join(', ') })}</p>}
      <Group title={t('inv.added', { n: added.length })} items={added} line={recordLine} />
      <Group
        title={t('inv.changed', { n: changed.length })}
        items={changed}
        line={({ siteName, id, fields }) => (
          <>
            {siteName} <small>{id}</small>
            <ul>
              {fields.map(({ field, from, to }) => (
                <li key={field}>
                  {fieldName(field)}: <del>{valueText(from)}</del> → <ins>{valueText(to)}</ins>
                </li>
              ))}
            </ul>
          </>
        )}
      />
      <Group title={t('inv.removed', { n: removed.length })} items={removed} line={recordLine} />
    </div>
  );
}

const recordLine = ({ siteName, id, address }: EndpointRecord): ComponentChildren => (
  <>
    {siteName} <small>{`${id} · ${address}`}</small>
  </>
);

const valueText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) || t('inv.nothing') : t('inv.nothing');

interface GroupProps<T> {
  title: string;
  items: readonly T[];
  line: (item: T) => ComponentChildren;
}

function Group<T extends { id: string }>({ title, items, line }: GroupProps<T>) {
  if (items.length === 0) return null;
  return (
    <details open={items.length <= 10}>
      <summary>{title}</summary>
      <ul class="inv-diff-list">
        {items.slice(0, SHOWN).map((item) => (
          <li key={item.id}>{line(item)}</li>
        ))}
      </ul>
      {items.length > SHOWN && <p>{t('inv.moreRows', { n: items.length - SHOWN })}</p>}
    </details>
  );
}
