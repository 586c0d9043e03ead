/** A note that is being written, beside the one that the store has; another window may write it too. */
export interface NotesDraft {
  readonly text: string;
  /** The store's note that the text goes on from. */
  readonly base: string;
  /** What was sent last and may come back as the store's note at any moment. */
  readonly sent?: string;
  /** What another window has written meanwhile: the person chooses. */
  readonly theirs?: string;
}

export function beginDraft(stored: string): NotesDraft {
  return { text: stored, base: stored };
}

export function typed(draft: NotesDraft, text: string): NotesDraft {
  return { ...draft, text };
}

/** Whether there is something of one's own to save, and nothing of somebody else's in the way. */
export function isUnsaved({ text, base, theirs }: NotesDraft): boolean {
  return text !== base && theirs === undefined;
}

export function sending(draft: NotesDraft): NotesDraft {
  return { ...draft, sent: draft.text };
}

export function saved(draft: NotesDraft, sent: string): NotesDraft {
  return { ...draft, base: sent };
}

/** The store's note is another than before. */
export function arrived(draft: NotesDraft, stored: string): NotesDraft {
  const { text, base, sent } = draft;
  if (stored === base || stored === sent)
    return { text, base: stored, ...(sent === undefined ? {} : { sent }) };
  if (text === base || text === stored) return beginDraft(stored);
  return { ...draft, theirs: stored };
}

/** The other window's note takes the place of one's own. */
export function takeTheirs({ theirs, text }: NotesDraft): NotesDraft {
  return beginDraft(theirs ?? text);
}

/** One's own note is to replace the other window's. */
export function keepMine({ text, base, theirs }: NotesDraft): NotesDraft {
  return { text, base: theirs ?? base };
}
