import type { EndpointView, IncidentView } from '../../live/feed-events.js';
import { t } from '../i18n/index.js';

/** "Nhà mạng Viettel"; what is only unseen is not called a failure of it. */
export function causeWords({ kind, name, trouble }: IncidentView['cause']): string {
  const word = kind === 'tier' ? t(`tier.${name as EndpointView['tier']}`) : name;
  return t(trouble === 'failing' ? `incidents.cause.${kind}` : 'incidents.cause.unseen', { name: word });
}
