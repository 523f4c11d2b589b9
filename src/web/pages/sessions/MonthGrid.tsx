import { useLayoutEffect, useRef } from 'preact/hooks';
import type { SessionView } from '../../../live/feed-events.js';
import { t } from '../../i18n/index.js';
import type { Weekday } from '../../text/time.js';
import { addMonths, dayAfterKey, type GridDay, monthGrid } from './calendar-grid.js';

const WEEKDAYS: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 0];

interface MonthGridProps {
  /** 2026-11-23: the chosen day; its month is shown */
  day: string;
  today: string;
  byDay: ReadonlyMap<string, readonly SessionView[]>;
  onChoose: (day: string) => void;
}

/** One month; arrows walk over its days, Page Up and Page Down over the months. */
export function MonthGrid({ day, today, byDay, onChoose }: MonthGridProps) {
  const month = day.slice(0, 7);
  const grid = useRef<HTMLTableElement>(null);
  const isWalking = useRef(false);
  useLayoutEffect(() => {
    if (isWalking.current) grid.current?.querySelector<HTMLElement>('[aria-current="date"], [tabindex="0"]')?.focus();
    isWalking.current = false;
  }, [day]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = dayAfterKey(day, event.key);
    if (next === null) return;
    event.preventDefault();
    isWalking.current = true;
    onChoose(next);
  };
  return (
    <section class="month" aria-labelledby="month-title">
      <div class="block-head">
        <h3 id="month-title" aria-live="polite">
          {t('sessionsPage.month', { month: month.slice(5), year: month.slice(0, 4) })}
        </h3>
        <div class="worklist-tools">
          <button
            type="button"
            class="quiet-button"
            aria-label={t('sessionsPage.previousMonth')}
            onClick={() => onChoose(`${addMonths(month, -1)}-01`)}
          >
            ‹
          </button>
          <button type="button" class="quiet-button" onClick={() => onChoose(today)}>
            {t('sessionsPage.today')}
          </button>
          <button
            type="button"
            class="quiet-button"
            aria-label={t('sessionsPage.nextMonth')}
            onClick={() => onChoose(`${addMonths(month, 1)}-01`)}
          >
            ›
          </button>
        </div>
      </div>
      <table ref={grid} role="grid" aria-labelledby="month-title" onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {WEEKDAYS.map((weekday) => (
              <th key={weekday} scope="col" abbr={t(`weekday.${weekday}`)}>
                {t(`sessionsPage.weekday.${weekday}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {monthGrid(month).map((week) => (
            <tr key={week[0]?.day}>
              {week.map((one) => (
                <Day
                  key={one.day}
                  of={one}
                  isChosen={one.day === day}
                  isToday={one.day === today}
                  sessions={byDay.get(one.day) ?? []}
                  onChoose={onChoose}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface DayProps {
  of: GridDay;
  isChosen: boolean;
  isToday: boolean;
  sessions: readonly SessionView[];
  onChoose: (day: string) => void;
}

function Day({ of: { day, isOfMonth }, isChosen, isToday, sessions, onChoose }: DayProps) {
  const planned = sessions.filter(({ status }) => status === 'planned');
  const words = t('sessionsPage.day', { day: day.split('-').reverse().join('/'), n: planned.length });
  return (
    <td role="gridcell" aria-selected={isChosen}>
      <button
        type="button"
        class="day"
        data-of-month={isOfMonth}
        data-today={isToday}
        aria-label={isToday ? `${words}, ${t('sessionsPage.today')}` : words}
        tabIndex={isChosen ? 0 : -1}
        onClick={() => onChoose(day)}
      >
        <span>{Number(day.slice(8))}</span>
        {planned.slice(0, MOST_MARKS).map((session) => (
          <i key={session.id} data-verdict={session.verdict} data-overlap={session.overlaps.length > 0} />
        ))}
        {planned.length > MOST_MARKS && <small>+{planned.length - MOST_MARKS}</small>}
      </button>
    </td>
  );
}

/** As many as a day's cell has room for. */
const MOST_MARKS = 4;
