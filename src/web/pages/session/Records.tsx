import { useState } from 'preact/hooks';
import { useBoard } from '../../board/services.js';
import { api } from '../../feed/api.js';
import { t } from '../../i18n/index.js';
import { operatorName } from '../desk/operator-name.js';
import { momentOf } from '../../text/time.js';
import { WhoField } from '../desk/WhoField.js';
import type { SessionData } from './session-data.js';
import { failureSentence } from '../../text/failures.js';

/** What is kept of this session: who signed it off, and the picture frozen at its start. */
export function Records({ data }: { data: SessionData }) {
  return (
    <>
      <SignOffs data={data} />
      <Frozen data={data} />
    </>
  );
}

function SignOffs({ data }: { data: SessionData }) {
  const { clock } = useBoard();
  const items = data.signOffs.value.value?.items ?? [];
  const revision = data.session.value?.revision;
  return (
    <section class="session-block" aria-labelledby="sign-off-title">
      <h3 id="sign-off-title">{t('sessionPage.signOff')}</h3>
      <ol class="sign-offs">
        {items.map(({ by, at, note, revision: signed }) => (
          <li key={at}>
            <b>{by}</b> {momentOf(Date.parse(at), clock.nowMs.peek())} {note}
            {signed !== revision && <em>{t('sessionPage.signedBefore')}</em>}
          </li>
        ))}
      </ol>
      <SignOffForm data={data} />
    </section>
  );
}

function SignOffForm({ data }: { data: SessionData }) {
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState('');

  async function sign(): Promise<void> {
    const path = `/sessions/${encodeURIComponent(data.id)}/sign-off`;
    const answer = await api(path, { method: 'POST', body: { by: operatorName.value.trim(), note: note.trim() } });
    setProblem(answer.kind === 'ok' ? '' : failureSentence(answer));
    if (answer.kind !== 'ok') return;
    setNote('');
    await data.signOffs.load();
  }
  return (
    <form
      class="sign-off-form"
      onSubmit={(event) => {
        event.preventDefault();
        void sign();
      }}
    >
      <WhoField />
      <label>
        {t('sessionPage.signNote')}
        <input maxLength={2000} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
      <button type="submit" class="main-button">
        {t('sessionPage.sign')}
      </button>
      {problem !== '' && <p role="alert">{problem}</p>}
    </form>
  );
}

function Frozen({ data }: { data: SessionData }) {
  const { clock } = useBoard();
  const snapshot = data.snapshot.value.value;
  const failure = data.snapshot.failure.value;
  return (
    <section class="session-block" aria-labelledby="frozen-title">
      <h3 id="frozen-title">{t('sessionPage.frozen')}</h3>
      {snapshot && (
        <>
          <p>
            {t('sessionPage.frozenAt', {
              time: momentOf(Date.parse(snapshot.takenAt), clock.nowMs.peek()),
              verdict: t(`sessionPage.verdict.${snapshot.picture.readiness.verdict}`),
              ready: snapshot.picture.readiness.ready,
              total: snapshot.picture.readiness.total,
            })}{' '}
            <a href={`/api/v1${data.snapshot.path}`} download={`snapshot-${data.id}.json`}>
              {t('sessionPage.download')}
            </a>
          </p>
          <p class="digest">
            {t('sessionPage.digest')} <code>{snapshot.sha256}</code>
          </p>
        </>
      )}
      {!snapshot && !failure && <p class="side-empty">{t('sessionPage.notFrozen')}</p>}
      {failure && <p role="alert">{failureSentence(failure)}</p>}
    </section>
  );
}
