import { useComputed } from '@preact/signals';
import { t } from '../i18n/index.js';
import type { SiteModel } from '../state/site-model.js';
import { type ChangeLine, summarizeChanges } from '../state/state-changes.js';
import { type WorkEntry, worklistEntries } from '../state/worklist.js';
import { changeSentence, lowerFirst, sinceText, siteSentence, stateWord } from '../text/sentences.js';
import { minuteOfDay } from '../text/time.js';
import { StateIcon } from './icons.js';
import { Incidents } from './Incidents.js';
import { PhoneLink } from './PhoneLink.js';
import { useRowsBelow } from './rows-below.js';
import { useBoard } from './services.js';

const MAX_CHANGES = 7;
/** In the tooltip of a line: nobody reads hundreds. */
const MAX_NAMES = 50;

/** The work: who is not ready and why, whom to phone, what changed. */
export function WorkColumn() {
  return (
    <>
      <Incidents />
      <Worklist />
      <Changes />
    </>
  );
}

function Worklist() {
  const { store } = useBoard();
  const sites = store.worklist.value;
  const all = useComputed(() => worklistEntries(store.worklist.value)).value;
  const { list, below, limit } = useRowsBelow(all);
  const entries = all.slice(0, limit.value);
  return (
    <section class="work" aria-labelledby="work-title">
      <h2 id="work-title">
        {t('work.title')} <span>{sites.length}</span>
      </h2>
      {sites.length === 0 && store.hasSnapshot && <p class="side-empty">{t('work.none')}</p>}
      <ul class="work-list" ref={list}>
        {entries.map((entry) =>
          entry.kind === 'site' ? (
            <WorkRow key={entry.site.code} site={entry.site} />
          ) : (
            <FoldedRow key={entry.state} entry={entry} />
          ),
        )}
      </ul>
      {below.value > 0 && <p class="work-more">{t('work.more', { n: below.value })}</p>}
    </section>
  );
}

function WorkRow({ site }: { site: SiteModel }) {
  const { clock, view } = useBoard();
  const shown = site.shown.value;
  const since = useComputed(() => sinceText(site.shown.value, clock.nowMs.value));
  return (
    <li class="work-row" data-state={shown.state} title={stateWord(shown.state)}>
      <StateIcon state={shown.state} />
      <span class="work-who">
        <button type="button" aria-label={t('work.open', { name: site.name })} onClick={() => (view.selected.value = site.code)}>
          {site.name}
        </button>{' '}
        <span class="work-since">{since}</span>
      </span>
      <PhoneLink name={shown.contactName} phone={shown.contactPhone} />
      <span class="work-reason">{siteSentence(site)}</span>
    </li>
  );
}

function FoldedRow({ entry }: { entry: Extract<WorkEntry, { kind: 'many' }> }) {
  return (
    <li class="work-row" data-state={entry.state}>
      <StateIcon state={entry.state} />
      <b class="work-folded">{t(`work.${entry.state}`, { n: entry.count })}</b>
      <span class="work-reason">{t(`work.${entry.state}Means`)}</span>
    </li>
  );
}

function Changes() {
  const { store, clock } = useBoard();
  const minute = useComputed(() => Math.floor(clock.nowMs.value / 60_000) * 60_000);
  const lines = useComputed(() => summarizeChanges(store.changes.value, minute.value)).value;
  return (
    <section class="changes" aria-labelledby="changes-title">
      <h2 id="changes-title">{t('changes.title')}</h2>
      {lines.length === 0 && <p class="side-empty">{t('changes.none')}</p>}
      <ol>
        {lines.slice(0, MAX_CHANGES).map((line) => (
          <ChangeRow key={line.key} line={line} />
        ))}
      </ol>
    </section>
  );
}

function ChangeRow({ line }: { line: ChangeLine }) {
  const [first, ...others] = line.changes;
  const names = line.changes
    .slice(0, MAX_NAMES)
    .map((change) => change.siteName)
    .join(', ');
  return (
    <li title={names}>
      <time>{minuteOfDay(line.atMs)}</time>
      <StateIcon state={line.to} />
      <span>
        <b>{others.length ? t('changes.many', { n: line.changes.length }) : first?.siteName}</b>{' '}
        {first && (others.length ? lowerFirst(stateWord(line.to)) : changeSentence(first))}
      </span>
    </li>
  );
}
