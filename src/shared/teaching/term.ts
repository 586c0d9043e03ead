/** Something that Loam shows or asks for, in plain words for somebody who is no machine learning engineer. */
export interface Term {
  /** How the window calls it. */
  readonly name: string;
  /** What it is, in a sentence or two. */
  readonly what: string;
  /** What a larger value does, where it has one. */
  readonly larger?: string | undefined;
  /** What is usual. */
  readonly usual?: string | undefined;
}

/** The terms of one topic, by a short name. */
export type Topic = Readonly<Record<string, Term>>;
