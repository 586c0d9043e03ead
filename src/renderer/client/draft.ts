import { useCallback, useState } from 'react';
import { currentProject } from './current-project.ts';

/** Longer ones are kept only while they are shown: the browser gives a page little room. */
const longestKept = 500_000;

const keyOf = (name: string): string => `loam-draft ${currentProject() ?? ''} ${name}`;

/**
 * A text that is being typed. It outlives another screen and a reload of the window, until it is sent or given up.
 * @param name says whose text it is, within the project.
 * @returns the text, undefined where nothing was typed yet, and what changes it; undefined forgets it.
 */
export function useDraft(name: string): readonly [string | undefined, (text: string | undefined) => void] {
  const [shown, setShown] = useState(() => ({ name, text: read(name) }));
  // Another text's draft is read as soon as it is asked for, and never drawn with the one before.
  const current = shown.name === name ? shown : { name, text: read(name) };
  if (current !== shown) setShown(current);
  const change = useCallback(
    (text: string | undefined): void => {
      setShown({ name, text });
      write(name, text);
    },
    [name],
  );
  return [current.text, change];
}

/** Forgets a draft that is shown nowhere any more. */
export function forgetDraft(name: string): void {
  write(name, undefined);
}

/** A draft as it was last kept, for those who show it in another way than as it is typed. */
export function readDraft(name: string): string | undefined {
  return read(name);
}

/** Keeps a draft; it must be short enough to outlive the window's reload. */
export function keepDraft(name: string, text: string): void {
  write(name, text);
}

/** The names of the project's drafts that begin so. */
export function namesOfDrafts(beginning: string): readonly string[] {
  const from = keyOf('');
  return Array.from({ length: sessionStorage.length }, (_, place) => sessionStorage.key(place) ?? '')
    .filter((key) => key.startsWith(keyOf(beginning)))
    .map((key) => key.slice(from.length));
}

function read(name: string): string | undefined {
  return sessionStorage.getItem(keyOf(name)) ?? undefined;
}

function write(name: string, text: string | undefined): void {
  const key = keyOf(name);
  try {
    if (text === undefined || text.length > longestKept) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // The browser's room is used up: what was kept is not what is shown any more.
    sessionStorage.removeItem(key);
  }
}
