import type { EndpointView, IncidentView } from '../../live/feed-events.js';
import { t } from '../i18n/index.js';

/**
 * "Nhà mạng Viettel"; what is only unseen is not called a failure of it.
 * @param endpointOf a device is named by its site, as people know it; by its id once it has left the inventory
 */
export function causeWords(
  { kind, name, trouble }: IncidentView['cause'],
  endpointOf: (id: string) => Pick<EndpointView, 'siteName' | 'ordinal'> | undefined,
): string {
  const word =
    kind === 'tier' ? t(`tier.${name as EndpointView['tier']}`) : kind === 'endpoint' ? deviceName(name, endpointOf(name)) : name;
  return t(trouble === 'failing' ? `incidents.cause.${kind}` : 'incidents.cause.unseen', { name: word });
}

const deviceName = (id: string, endpoint: Pick<EndpointView, 'siteName' | 'ordinal'> | undefined): string => {
  if (!endpoint) return id;
  return endpoint.ordinal === 1
    ? endpoint.siteName
    : `${endpoint.siteName} (${t('panel.backup', { n: endpoint.ordinal - 1 }).toLowerCase()})`;
};
