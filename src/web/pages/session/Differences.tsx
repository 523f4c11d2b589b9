import { useBoard } from '../../board/services.js';
import { t } from '../../i18n/index.js';
import { lowerFirst, stateWord } from '../../text/sentences.js';
import { momentOf } from '../../text/time.js';
import { Link } from '../Link.js';
import type { ClassChange, Differences as Found, SiteReadiness } from './api-types.js';
import { STATE_OF_CLASS } from './classes.js';

/** What is not as it was when a session last could take place: most often the way to the cause. */
export function Differences({ differences, sites }: { differences: Found | null; sites: readonly SiteReadiness[] }) {
  return (
    <section class="session-block" aria-labelledby="differences-title">
      <h3 id="differences-title">{t('sessionPage.differences')}</h3>
      {differences ? (
        <Compared differences={differences} sites={sites} />
      ) : (
        <p class="side-empty">{t('sessionPage.noGoodBefore')}</p>
      )}
    </section>
  );
}

function Compared({ differences, sites }: { differences: Found; sites: readonly SiteReadiness[] }) {
  const { clock, store } = useBoard();
  const names = new Map(sites.map(({ siteCode, siteName }) => [siteCode, siteName]));
  const nameOf = (code: string): string => names.get(code) ?? store.site(code)?.shown.value.siteName ?? code;
  const { since, worse, better, joined, left } = differences;
  const isSame = [worse, better, joined, left].every(({ length }) => length === 0);
  return (
    <>
      <p class="block-note">
        <Link to={{ page: 'session', id: since.sessionId }}>
          {t('sessionPage.comparedWith', { time: momentOf(Date.parse(since.at), clock.nowMs.peek()) })}
        </Link>
        {isSame && ` ${t('sessionPage.noDifference')}`}
      </p>
      <ul class="differences">
        {worse.map((change) => (
          <li key={change.siteCode} data-change="worse">
            <b>{nameOf(change.siteCode)}</b> {changeWords(change)}
          </li>
        ))}
      </ul>
      {better.length > 0 && (
        <p>{t('sessionPage.better', { n: better.length, names: better.map((one) => nameOf(one.siteCode)).join(', ') })}</p>
      )}
      {joined.length > 0 && <p>{t('sessionPage.joined', { n: joined.length, names: joined.map(nameOf).join(', ') })}</p>}
      {left.length > 0 && <p>{t('sessionPage.left', { n: left.length, names: left.map(nameOf).join(', ') })}</p>}
    </>
  );
}

const changeWords = ({ is }: ClassChange): string =>
  is === null ? '' : t('sessionPage.wasReady', { state: lowerFirst(stateWord(STATE_OF_CLASS[is])) });
