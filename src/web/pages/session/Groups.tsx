import { useState } from 'preact/hooks';
import type { EndpointView } from '../../../live/feed-events.js';
import { formatNumber, t } from '../../i18n/index.js';
import { type Grouping, GROUPINGS } from '../../state/site-model.js';
import { stateWord } from '../../text/sentences.js';
import type { Counts, ReadinessView } from './api-types.js';
import { presentClasses } from './classes.js';
import { Segments } from './Segments.js';

/** Where the trouble is: by area, carrier or tier, the worst group first. */
export function Groups({ readiness }: { readiness: ReadinessView }) {
  const [by, setBy] = useState<Grouping>('area');
  const counted = { area: readiness.byArea, carrier: readiness.byCarrier, tier: readiness.byTier }[by];
  return (
    <section class="session-block" aria-labelledby="groups-title">
      <div class="block-head">
        <h3 id="groups-title">{t('sessionPage.groups')}</h3>
        <div class="choices" role="group" aria-label={t('arrange.by')}>
          {GROUPINGS.map((one) => (
            <button key={one} type="button" aria-pressed={one === by} onClick={() => setBy(one)}>
              {t(`arrange.${one}`)}
            </button>
          ))}
        </div>
      </div>
      <table class="group-table">
        <tbody>
          {worstFirst(counted).map(([name, counts]) => (
            <GroupRow key={name} name={nameOf(by, name)} counts={counts} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function GroupRow({ name, counts }: { name: string; counts: Counts }) {
  const classes = presentClasses(counts);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="group-count">
        {formatNumber(counts.ready)}/{formatNumber(counts.total)}
      </td>
      <td>
        <Segments classes={classes} label={classes.map(({ state, count }) => `${stateWord(state)} ${count}`).join(', ')} />
      </td>
    </tr>
  );
}

const worstFirst = (counted: Record<string, Counts>): [string, Counts][] =>
  Object.entries(counted).sort(([, a], [, b]) => a.ready / a.total - b.ready / b.total || b.total - a.total);

function nameOf(by: Grouping, name: string): string {
  if (by === 'tier') return t(`tier.${name as EndpointView['tier']}`);
  if (name !== '') return name;
  return by === 'area' ? t('group.noArea') : t('group.noCarrier');
}
