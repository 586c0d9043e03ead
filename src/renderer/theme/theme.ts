import { useSyncExternalStore } from 'react';

/** How bright the window is: as the system says, or as the person does. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const storageKey = 'loam-theme';
const listeners = new Set<() => void>();

function isTheme(value: string | null): value is Theme {
  return themes.some((theme) => theme === value);
}

function currentTheme(): Theme {
  const stored = localStorage.getItem(storageKey);
  return isTheme(stored) ? stored : 'system';
}

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Applies the theme chosen earlier; called once, before anything is drawn. */
export function startTheme(): void {
  apply(currentTheme());
}

/** Changes the theme of this window and of those opened later. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(storageKey, theme);
  apply(theme);
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, currentTheme);
}
