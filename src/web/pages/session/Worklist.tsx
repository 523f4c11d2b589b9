import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useShortcut } from '../../board/shortcuts.js';
import { formatNumber, t } from '../../i18n/index.js';
import type { ReadinessView } from './api-types.js';
import { RetestLines } from './RetestLines.js';
import type { SessionData } from './session-data.js';
import { WorkItem } from './WorkItem.js';
import { canBeTested, notReady, stepFrom, stillChosen, toggled } from './worklist-rows.js';

/** Before the first round thousands may be untested: nobody works on more than these, and the page stays quick. */
const AT_FIRST = 100;

/** Who is not ready, in the order in which to see to them. Arrows walk, `l` notes a call, `t` tests, `T` tests all. */
export function Worklist({ data, readiness }: { data: SessionData; readiness: ReadinessView }) {
  const [most, setMost] = useState(AT_FIRST);
  const all = notReady(readiness.sites);
  const rows = all.slice(0, most);
  const list = useRef<HTMLUListElement>(null);
  const cursor = useSignal<string | null>(null);
  const noting = useSignal<string | null>(null);
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const lastIndex = useRef(0);
  const present = stepFrom(rows, cursor.value, 0, lastIndex.current);
  lastIndex.current = Math.max(
    0,
    rows.findIndex(({ siteCode }) => siteCode === present),
  );
  const selection = stillChosen(chosen.value, rows);

  const walk = (by: -1 | 1): void => {
    cursor.value = stepFrom(rows, present, by);
    focusRow(list.current, cursor.value);
  };
  const testChosen = (): void => void data.retests.request({ sites: selection, override: false });
  const testPresent = (): void => {
    if (selection.length > 0) return testChosen();
    const site = rows.find((row) => row.siteCode === present && canBeTested(row));
    if (site) void data.retests.request({ sites: [site.siteCode], override: true });
  };
  const testRed = (): void => void data.retests.request({ red: true });
  useShortcut('ArrowDown', () => walk(1));
  useShortcut('ArrowUp', () => walk(-1));
  useShortcut('l', () => (noting.value = present));
  useShortcut('x', () => present !== null && (chosen.value = toggled(chosen.value, present)));
  useShortcut('t', testPresent);
  useShortcut('T', testRed);
  // The row that was noted has the focus again, so that the keys go on from there
  useLayoutEffect(() => {
    if (noting.value === null && document.activeElement === document.body) focusRow(list.current, cursor.value);
  }, [noting.value]);

  const testable = all.filter(canBeTested).length;
  return (
    <section class="worklist" aria-labelledby="worklist-title">
      <div class="block-head">
        <h3 id="worklist-title">
          {t('sessionPage.worklist')} <span>{formatNumber(all.length)}</span>
        </h3>
        <div class="worklist-tools">
          <button type="button" class="quiet-button" disabled={selection.length === 0} onClick={testChosen}>
            {t('sessionPage.testChosen', { n: selection.length })}
          </button>
          <button type="button" class="main-button" disabled={testable === 0} onClick={testRed}>
            {t('sessionPage.testRed', { n: testable })}
          </button>
        </div>
      </div>
      <p class="block-note">{t('sessionPage.keys')}</p>
      <RetestLines data={data} />
      {rows.length === 0 && <p class="worklist-none">{t('sessionPage.allReady', { n: readiness.total })}</p>}
      <ul ref={list} class="work-items">
        {rows.map((site) => (
          <WorkItem
            key={site.siteCode}
            site={site}
            data={data}
            isPresent={site.siteCode === present}
            isChosen={chosen.value.has(site.siteCode)}
            isNoting={noting.value === site.siteCode}
            onFocus={() => (cursor.value = site.siteCode)}
            onChoose={() => (chosen.value = toggled(chosen.value, site.siteCode))}
            onNote={() => (noting.value = site.siteCode)}
            onNoted={() => (noting.value = null)}
          />
        ))}
      </ul>
      {rows.length < all.length && (
        <button type="button" class="quiet-button" onClick={() => setMost(all.length)}>
          {t('sessionPage.more', { n: all.length - rows.length })}
        </button>
      )}
    </section>
  );
}

function focusRow(list: HTMLElement | null, siteCode: string | null): void {
  if (siteCode !== null) list?.querySelector<HTMLElement>(`[data-site="${CSS.escape(siteCode)}"]`)?.focus();
}
