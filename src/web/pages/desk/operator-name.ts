import { signal } from '@preact/signals';
import { recallText, remember } from '../../text/preferences.js';

/** Who sits at this browser, as written into acknowledgements and plans. There is no sign-in: it is what the person says. */
export const operatorName = signal(recallText('operator') ?? '');

export function sayWhoIAm(name: string): void {
  operatorName.value = name;
  remember('operator', name);
}
