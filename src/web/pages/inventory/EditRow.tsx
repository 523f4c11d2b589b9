import type { EndpointRecord } from '../../../inventory/endpoint-record.js';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { api, type ApiResult } from '../../feed/api.js';
import { t } from '../../i18n/index.js';
import { AnswerNote } from '../desk/AnswerNote.js';
import { ignoreAbort } from '../desk/use-remote.js';
import { EDITABLE_FIELDS, type EditableField } from './api-types.js';
import { faultsOf, fieldName, fieldRule } from './faults.js';
import type { InventoryState } from './inventory-state.js';

type Texts = Record<EditableField, string>;

interface EditRowProps {
  id: string;
  state: InventoryState;
  width: number;
  onSaved: () => void;
}

/** One row as a form. It is read anew with its ETag, and only what was changed is sent. */
export function EditRow({ id, state, width, onSaved }: EditRowProps) {
  const [read, setRead] = useState<ApiResult<EndpointRecord> | null>(null);
  const path = `/inventory/endpoints/${encodeURIComponent(id)}`;
  useEffect(() => {
    const aborting = new AbortController();
    api<EndpointRecord>(path, { signal: aborting.signal }).then(setRead, ignoreAbort);
    return () => aborting.abort();
  }, [path]);
  return (
    <tr class="inv-edit">
      <td colSpan={width}>
        {read?.kind === 'ok' ? (
          <EditForm path={path} read={read} onSaved={onSaved} onClose={() => (state.editing.value = null)} />
        ) : (
          <AnswerNote answer={read} />
        )}
      </td>
    </tr>
  );
}

interface EditFormProps {
  path: string;
  read: Extract<ApiResult<EndpointRecord>, { kind: 'ok' }>;
  onSaved: () => void;
  onClose: () => void;
}

function EditForm({ path, read: { value: before, etag }, onSaved, onClose }: EditFormProps) {
  const [texts, setTexts] = useState<Texts>(() => textsOf(before));
  const [answer, setAnswer] = useState<ApiResult<unknown> | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const faults = faultsOf(answer);
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>('input, select')?.focus(), []);
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [answer]);

  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const body = changesOf(textsOf(before), texts);
    if (Object.keys(body).length === 0) return onClose();
    const result = await api<EndpointRecord>(path, { method: 'PATCH', body, ...(etag === null ? {} : { etag }) });
    setAnswer(result);
    if (result.kind !== 'ok') return;
    onSaved();
    onClose();
  };

  return (
    <form
      ref={form}
      class="inv-form"
      aria-label={t('inv.editOf', { name: before.siteName })}
      onSubmit={(event) => void save(event)}
    >
      {EDITABLE_FIELDS.map((field) => (
        <Field
          key={field}
          field={field}
          text={texts[field]}
          isAtFault={faults.some((fault) => fault.field === field)}
          onText={(text) => setTexts((held) => ({ ...held, [field]: text }))}
        />
      ))}
      <p class="inv-form-note">{t('inv.siteFields')}</p>
      <div class="inv-form-actions">
        <button type="submit" class="main-button">
          {t('inv.save')}
        </button>
        <button type="button" class="quiet-button" onClick={onClose}>
          {t('inv.cancel')}
        </button>
        {faults.length > 0 ? (
          <p role="alert">{t('inv.notSaved', { n: faults.length })}</p>
        ) : (
          answer && <EditAnswer answer={answer} />
        )}
      </div>
    </form>
  );
}

const EditAnswer = ({ answer }: { answer: ApiResult<unknown> }) =>
  answer.kind === 'refused' && answer.status === 412 ? <p role="alert">{t('inv.stale')}</p> : <AnswerNote answer={answer} />;

interface FieldProps {
  field: EditableField;
  text: string;
  isAtFault: boolean;
  onText: (text: string) => void;
}

const TIERS = ['central', 'province', 'commune', 'ward'] as const;

function Field({ field, text, isAtFault, onText }: FieldProps) {
  const shared = {
    value: text,
    'aria-invalid': isAtFault,
    ...(isAtFault ? { 'aria-describedby': `inv-fault-${field}` } : {}),
  };
  return (
    <label class="desk-field">
      {fieldName(field)}
      {field === 'tier' ? (
        <select {...shared} onChange={(event) => onText(event.currentTarget.value)}>
          {TIERS.map((tier) => (
            <option key={tier} value={tier}>
              {t(`tier.${tier}`)}
            </option>
          ))}
        </select>
      ) : (
        <input {...shared} maxLength={2000} onInput={(event) => onText(event.currentTarget.value)} />
      )}
      {isAtFault && (
        <span id={`inv-fault-${field}`} class="inv-fault">
          {t('inv.allowed', { rule: fieldRule(field) })}
        </span>
      )}
    </label>
  );
}

const textsOf = (record: EndpointRecord): Texts =>
  Object.fromEntries(EDITABLE_FIELDS.map((field) => [field, String(record[field] ?? '')])) as Texts;

const changesOf = (before: Texts, after: Texts): Partial<Texts> =>
  Object.fromEntries(EDITABLE_FIELDS.filter((field) => before[field] !== after[field]).map((field) => [field, after[field]]));
