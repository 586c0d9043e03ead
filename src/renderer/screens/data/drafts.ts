import { useMemo, useState, useSyncExternalStore } from 'react';
import { z } from 'zod';
import { forgetDraft, keepDraft, namesOfDrafts, readDraft } from '../../client/draft.ts';

const draftSchema = z.strictObject({ base: z.string(), text: z.string() });
/** A text that was edited and not saved yet, and the saved text that it began from. */
export type Draft = Readonly<z.output<typeof draftSchema>>;

/** Drafts that are too long for what the browser keeps stay for as long as the window is open. */
const held = new Map<string, Draft>();
const listeners = new Set<() => void>();
let changes = 0;

const beginningOf = (dataset: string): string => `document ${dataset} `;
const nameOf = (dataset: string, document: string): string => `${beginningOf(dataset)}${document}`;

/** The draft of a document, from before the window was reloaded too. */
export function readDocumentDraft(dataset: string, document: string): Draft | undefined {
  const name = nameOf(dataset, document);
  const kept = held.get(name);
  if (kept !== undefined) return kept;
  const text = readDraft(name);
  if (text === undefined) return undefined;
  try {
    return draftSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Keeps a document's draft, or forgets it where there is none or it says what is saved. */
export function writeDocumentDraft(dataset: string, document: string, draft: Draft | undefined): void {
  const name = nameOf(dataset, document);
  if (draft === undefined || draft.text === draft.base) {
    held.delete(name);
    forgetDraft(name);
  } else {
    held.set(name, draft);
    keepDraft(name, JSON.stringify(draft));
  }
  changes += 1;
  for (const listener of listeners) listener();
}

/** The documents of a dataset, by their keys, that have a draft. */
export function unsavedDocuments(dataset: string): ReadonlySet<string> {
  const beginning = beginningOf(dataset);
  const names = [...held.keys()].filter((name) => name.startsWith(beginning));
  return new Set([...names, ...namesOfDrafts(beginning)].map((name) => name.slice(beginning.length)));
}

/** The draft of a document, and how it is changed; `undefined` ends the editing. */
export function useDraft(
  dataset: string,
  document: string,
): readonly [Draft | undefined, (draft: Draft | undefined) => void] {
  const [draft, setDraft] = useState(() => readDocumentDraft(dataset, document));
  return [
    draft,
    (next) => {
      setDraft(next);
      writeDocumentDraft(dataset, document, next);
    },
  ];
}

/** The documents of a dataset that have a draft, as they change. */
export function useUnsavedDocuments(dataset: string): ReadonlySet<string> {
  const state = useSyncExternalStore(subscribe, () => changes);
  const keys = useMemo(
    () => [state, [...unsavedDocuments(dataset)].toSorted().join('\n')] as const,
    [state, dataset],
  )[1];
  // Every letter that is typed is a change; the documents are mostly the same.
  return useMemo(() => new Set(keys === '' ? [] : keys.split('\n')), [keys]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
