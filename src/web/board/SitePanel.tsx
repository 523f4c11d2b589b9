import { useLayoutEffect, useRef } from 'preact/hooks';
import type { EndpointView, ProbeSummary } from '../../live/feed-events.js';
import { formatNumber, t } from '../i18n/index.js';
import { Link } from '../pages/Link.js';
import type { ProbeKind } from '../state/health.js';
import type { SiteModel } from '../state/site-model.js';
import { neededSignals, reasonSentence, sinceText, stateWord } from '../text/sentences.js';
import { timeOfDay } from '../text/time.js';
import { CheckButton } from './CheckButton.js';
import { SignalIcon, StateIcon } from './icons.js';
import { PhoneLink } from './PhoneLink.js';
import { useBoard } from './services.js';

/** Who and where one site is, what was seen last, and a test at once. */
export function SitePanel({ code }: { code: string }) {
  const { store, view } = useBoard();
  const panel = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    panel.current?.focus();
    view.focused.value = code; // where the wall is painted, its one element has to be there to take the focus back
    return () => document.querySelector<HTMLElement>(`.wall [data-site="${CSS.escape(code)}"]`)?.focus();
  }, [code, view]);
  const site = store.site(code);
  return (
    <section ref={panel} class="panel" role="dialog" aria-labelledby="panel-title" tabIndex={-1}>
      <div class="panel-head">
        <h2 id="panel-title">{site ? site.shown.value.siteName : code}</h2>
        <button type="button" class="quiet-button" onClick={() => (view.selected.value = null)}>
          {t('panel.close')}
        </button>
      </div>
      {site ? <SiteFacts site={site} /> : <p class="side-empty">{t('panel.gone')}</p>}
    </section>
  );
}

function SiteFacts({ site }: { site: SiteModel }) {
  const { shown } = site;
  return (
    <>
      <p class="panel-page">
        <Link to={{ page: 'site', code: site.code }}>{t('panel.page')}</Link>
      </p>
      <dl class="facts">
        <Fact name={t('panel.code')} value={site.code} />
        <dt>{t('panel.contact')}</dt>
        <dd>
          {shown.value.contactName || t('panel.missing')}{' '}
          <PhoneLink name={shown.value.contactName} phone={shown.value.contactPhone} />
        </dd>
      </dl>
      {site.endpoints.map((endpoint) => (
        <EndpointFacts key={endpoint.value.id} endpoint={endpoint.value} isOnly={site.endpoints.length === 1} />
      ))}
    </>
  );
}

function EndpointFacts({ endpoint, isOnly }: { endpoint: EndpointView; isOnly: boolean }) {
  const { clock } = useBoard();
  const role = endpoint.ordinal === 1 ? t('panel.main') : t('panel.backup', { n: endpoint.ordinal - 1 });
  const since = sinceText(endpoint, clock.nowMs.peek());
  return (
    <article class="endpoint" data-state={endpoint.state}>
      {!isOnly && <h3>{role}</h3>}
      <p class="endpoint-state">
        <StateIcon state={endpoint.state} />
        <b>{stateWord(endpoint.state)}</b> <span>{since}</span>
      </p>
      <p class="endpoint-sentence">{reasonSentence(endpoint)}</p>
      <ul class="endpoint-signals" aria-label={t('panel.signals')}>
        {neededSignals(endpoint.needs).map((name) => (
          <li key={name}>
            <SignalIcon name={name} state={endpoint.signals[name]} />
            {t(`signal.${name}`)} <b>{t(`signal.${endpoint.signals[name]}`)}</b>
          </li>
        ))}
      </ul>
      <dl class="facts">
        <Fact name={t('panel.address')} value={endpoint.address} />
        <Fact name={t('panel.carrier')} value={endpoint.carrier} />
      </dl>
      <h3>{t('panel.probes')}</h3>
      <ProbeTable endpoint={endpoint} />
      <CheckButton endpoint={endpoint} />
    </article>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value || t('panel.missing')}</dd>
    </>
  );
}

const fallBackText = ({ kind, reason }: NonNullable<ProbeSummary['fellBackFrom']>): string =>
  t('panel.fellBack', { kind: t(`probe.${kind}`), reason: t(`reason.${reason}`) });

const KIND_ORDER: readonly ProbeKind[] = ['sip-call', 'h323-call', 'sip-options', 'h323-ping', 'tcp', 'icmp'];

function ProbeTable({ endpoint }: { endpoint: EndpointView }) {
  const rows = KIND_ORDER.flatMap((kind) => {
    const probe = endpoint.probes[kind];
    return probe ? [{ kind, probe }] : [];
  });
  if (!rows.length) return <p class="side-empty">{t('panel.noProbes')}</p>;
  return (
    <table class="probes">
      <tbody>
        {rows.map(({ kind, probe }) => (
          <tr key={kind} data-result={probe.result}>
            <th scope="row">{t(`probe.${kind}`)}</th>
            <td title={probe.reason}>
              <b>{t(`result.${probe.result}`)}</b>
              {probe.fellBackFrom && <small>{fallBackText(probe.fellBackFrom)}</small>}
            </td>
            <td>{probe.rttMs === undefined ? '' : t('measure.rtt', { value: formatNumber(probe.rttMs) })}</td>
            <td>
              <time>{timeOfDay(Date.parse(probe.at))}</time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
