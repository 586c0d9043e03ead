import { useSyncExternalStore } from 'react';

/** The key under which a window remembers its project over a reload. */
const storageKey = 'loam-project';

const listeners = new Set<() => void>();

/** The folder of the project that this window shows. */
export function currentProject(): string | undefined {
  return sessionStorage.getItem(storageKey) ?? undefined;
}

export function setCurrentProject(folder: string | undefined): void {
  if (folder === undefined) sessionStorage.removeItem(storageKey);
  else sessionStorage.setItem(storageKey, folder);
  for (const listener of listeners) listener();
}

export function onCurrentProject(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function useCurrentProject(): string | undefined {
  return useSyncExternalStore(onCurrentProject, currentProject);
}
