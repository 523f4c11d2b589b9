import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/index.js';
import { useBoard } from './services.js';
import { useShortcut } from './shortcuts.js';

const KEYS = [
  ['/', 'help.search'],
  ['← ↑ → ↓', 'help.arrows'],
  ['Enter', 'help.enter'],
  ['t', 'help.test'],
  ['b', 'help.map'],
  ['Esc', 'help.escape'],
  ['?', 'help.help'],
] as const;

/** The keys, on `?`. A native dialog: it keeps the focus inside and gives it back. */
export function Help() {
  const { helpIsOpen } = useBoard().view;
  useShortcut('?', () => (helpIsOpen.value = !helpIsOpen.value));
  return helpIsOpen.value ? <HelpDialog onClose={() => (helpIsOpen.value = false)} /> : null;
}

function HelpDialog({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
      <h2 id="help-title">{t('help.title')}</h2>
      <dl>
        {KEYS.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(meaning)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="quiet-button" onClick={() => dialog.current?.close()}>
        {t('panel.close')}
      </button>
    </dialog>
  );
}
