/** A text that was edited and not saved yet, and the saved text that it began from. */
export interface Draft {
  readonly base: string;
  readonly text: string;
}

/** Drafts by dataset and document, for as long as the window is open: going to another document loses none. */
const drafts = new Map<string, Draft>();

const keyOf = (dataset: string, document: string): string => `${dataset} ${document}`;

export function findDraft(dataset: string, document: string): Draft | undefined {
  return drafts.get(keyOf(dataset, document));
}

/** Keeps a draft, or with `undefined` forgets it. */
export function keepDraft(dataset: string, document: string, draft: Draft | undefined): void {
  if (draft === undefined) drafts.delete(keyOf(dataset, document));
  else drafts.set(keyOf(dataset, document), draft);
}
