import { useState } from 'react';

/** A text that was edited and not saved yet, and the saved text that it began from. */
export interface Draft {
  readonly base: string;
  readonly text: string;
}

/** Drafts by dataset and document, for as long as the window is open: going to another document loses none. */
const drafts = new Map<string, Draft>();

const keyOf = (dataset: string, document: string): string => `${dataset} ${document}`;

/** The draft of a document, and how it is changed; `undefined` ends the editing. */
export function useDraft(
  dataset: string,
  document: string,
): readonly [Draft | undefined, (draft: Draft | undefined) => void] {
  const key = keyOf(dataset, document);
  const [draft, setDraft] = useState(() => drafts.get(key));
  return [
    draft,
    (next) => {
      setDraft(next);
      if (next === undefined || next.text === next.base) drafts.delete(key);
      else drafts.set(key, next);
    },
  ];
}
