import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/index.js';

/** A native dialog: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Modal({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="modal" aria-labelledby={titleId} onClose={onClose}>
      <header class="block-head">
        <h2 id={titleId}>{title}</h2>
        <button type="button" class="quiet-button" onClick={() => dialog.current?.close()}>
          {t('panel.close')}
        </button>
      </header>
      {children}
    </dialog>
  );
}
