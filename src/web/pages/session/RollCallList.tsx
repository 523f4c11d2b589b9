import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/index.js';
import { shortSiteName } from '../../text/site-name.js';
import type { AttendanceState } from './api-types.js';
import type { RollCallDesk } from './roll-call-desk.js';

const SHAPE_OF: Record<AttendanceState, string> = {
  expected: '○',
  overdue: '◔',
  'on-time': '●',
  late: '▲',
  absent: '✕',
  dropped: '‖',
};

/** All names with their answers; the one that is called stays in view. */
export function RollCallList({ desk }: { desk: RollCallDesk }) {
  const list = useRef<HTMLOListElement>(null);
  const state = desk.state.value;
  const at = state?.at;
  useEffect(() => list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' }), [at]);
  if (!state) return null;
  return (
    <ol ref={list} class="roll-list" aria-label={t('rollCall.all')}>
      {state.order.map((siteCode, index) => {
        const site = desk.sites.value.get(siteCode);
        if (!site) return null;
        return (
          <li key={siteCode} data-attendance={site.state}>
            <button type="button" aria-current={index === at ? 'true' : undefined} onClick={() => desk.goTo(siteCode)}>
              <span aria-hidden="true">{SHAPE_OF[site.state]}</span> {shortSiteName(site.siteName)}
              <small>{t(`rollCall.state.${site.state}`)}</small>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
