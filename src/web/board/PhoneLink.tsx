import { t } from '../i18n/index.js';

/** A number to press on a desk phone application, or an honest word that the inventory has none. */
export function PhoneLink({ name, phone }: { name: string; phone: string }) {
  const digits = phone.replace(/[^\d+]/g, '');
  if (!digits) return <span class="phone phone-missing">{t('work.noPhone')}</span>;
  return (
    <a class="phone" href={`tel:${digits}`} title={name} aria-label={t('work.call', { name, phone })}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d="M3.3 1 1.6 2.2c-.6 4 4.2 8.8 8.2 8.2L11 8.7 8.6 7.1 7.3 8C5.9 7.4 4.6 6.1 4 4.7l.9-1.3z" />
      </svg>
      {phone}
    </a>
  );
}
