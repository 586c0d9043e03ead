import type { Database } from 'better-sqlite3';

/** One step from a version of the store to the next. Steps are never changed once released: a change is a new step. */
export interface Migration {
  /** The version that the store has afterwards; versions count up from 1 without gaps. */
  readonly version: number;
  readonly summary: string;
  /**
   * Tables that it takes columns from or gives others: their digests, whose triggers name the columns, are made anew after it.
   */
  readonly reshapes?: readonly string[];
  /** Runs inside one transaction with the change of version. */
  readonly up: (database: Database) => void;
}
