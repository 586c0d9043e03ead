import type { Fields } from '../../../shared/datasets/columns.ts';
import { LoamError } from '../../../shared/errors.ts';

export interface SourceRecord {
  /** Its number in the file (of JSON Lines, the line's), from 1. */
  readonly place: number;
  /** The record's fields, or the text that it is. */
  readonly content: Fields | string;
}

/** A stretch of a file that is no record, or hardly what it should be. */
export interface BadRecord {
  /** "tickets.csv, line 5, column 12" */
  readonly where: string;
  /** What is wrong with it, as a sentence. */
  readonly what: string;
  readonly remedy: string;
}

/** How readers of records say what is wrong. */
export interface RecordReports {
  /** Told of what cannot be read, and is passed over. */
  readonly refuse: (bad: BadRecord) => void;
  /** Told of a record that is taken but looks as if the file were damaged there. */
  readonly suspect: (record: BadRecord) => void;
}

/** The error that a bad record is where nothing may be left out. */
export function badRecordError({ where, what, remedy }: BadRecord): LoamError {
  return new LoamError({ kind: 'input', what, where, remedy });
}
