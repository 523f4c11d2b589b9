import { effect, signal } from '@preact/signals';
import { recall, remember } from '../text/preferences.js';

const THEMES = ['dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];

const systemIsLight = matchMedia('(prefers-color-scheme: light)');
const chosen = signal<Theme | undefined>(recall('theme', THEMES));
const system = signal<Theme>(systemIsLight.matches ? 'light' : 'dark');

export const currentTheme = (): Theme => chosen.value ?? system.value;

export function toggleTheme(): void {
  chosen.value = currentTheme() === 'dark' ? 'light' : 'dark';
  remember('theme', chosen.value);
}

export function followTheme(root: HTMLElement): void {
  systemIsLight.addEventListener('change', ({ matches }) => (system.value = matches ? 'light' : 'dark'));
  effect(() => {
    root.dataset.theme = currentTheme();
  });
}
