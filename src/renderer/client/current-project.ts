import { useSyncExternalStore } from 'react';

/** The key under which a window remembers its project over a reload. */
const storageKey = 'loam-project';

/** The key under which the browser remembers the project that was opened last, for windows opened by a new link. */
const lastKey = 'loam-last-project';

const listeners = new Set<() => void>();

/** The folder of the project that this window shows. */
export function currentProject(): string | undefined {
  return sessionStorage.getItem(storageKey) ?? undefined;
}

export function setCurrentProject(folder: string | undefined): void {
  if (folder === undefined) {
    sessionStorage.removeItem(storageKey);
    localStorage.removeItem(lastKey);
  } else {
    sessionStorage.setItem(storageKey, folder);
    localStorage.setItem(lastKey, folder);
  }
  for (const listener of listeners) listener();
}

/** The folder of the project that was opened last in this browser, and not closed. */
export function lastProject(): string | undefined {
  return localStorage.getItem(lastKey) ?? undefined;
}

export function onCurrentProject(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function useCurrentProject(): string | undefined {
  return useSyncExternalStore(onCurrentProject, currentProject);
}
