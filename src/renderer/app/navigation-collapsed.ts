import { useSyncExternalStore } from 'react';

const storageKey = 'loam-navigation-collapsed';
const listeners = new Set<() => void>();

/** Makes the navigation narrow or wide, now and the next time. */
export function toggleNavigation(): void {
  if (localStorage.getItem(storageKey) === null) localStorage.setItem(storageKey, 'yes');
  else localStorage.removeItem(storageKey);
  for (const listener of listeners) listener();
}

/** Whether the navigation shows only pictures. */
export function useNavigationCollapsed(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => localStorage.getItem(storageKey) !== null,
  );
}
