/**
 * Whose turn it is after an error: the caller used a word wrongly (`misuse`, exit code 2), the input or the
 * machine is at fault (`input`, `environment`, exit code 1), the person stopped it (`interrupted`, exit code 130).
 */
export type ErrorKind = 'misuse' | 'input' | 'environment' | 'interrupted';

/** What a person may say of how a file is read instead of leaving it to Loam. */
export type ReadingChoice = 'encoding' | 'records' | 'leaveOutBadRecords';

/** What helps against an error, for the host that has a word of its own for it: a command, in a terminal. */
export type ErrorAction =
  | { readonly do: 'createProject' }
  | { readonly do: 'trustProject'; readonly folder: string }
  | { readonly do: 'resumeRun'; readonly run: string }
  | { readonly do: 'listRuns' }
  | { readonly do: 'replaceDataset' }
  | { readonly do: 'replaceExport' }
  | { readonly do: 'chooseReading'; readonly choice: ReadingChoice }
  | { readonly do: 'freeSpace' }
  | { readonly do: 'restoreStore' }
  | { readonly do: 'verifyProject' }
  | { readonly do: 'listSettings' }
  | { readonly do: 'listConfigurationKeys' }
  | { readonly do: 'showPreset' }
  | { readonly do: 'installEngine'; readonly device: 'cpu' | 'gpu' }
  | { readonly do: 'resumeOnEngine'; readonly run: string; readonly engine: string };

/** What an error tells a person: one paragraph made of these parts. */
export interface ErrorAccount {
  readonly kind: ErrorKind;
  /** What is wrong, as a sentence: "The file is empty." */
  readonly what: string;
  /** Where: a file, row, key or value. */
  readonly where?: string;
  /** What to do about it, as a sentence that holds in a window and in a terminal: no button, no command. */
  readonly remedy: string;
  readonly action?: ErrorAction;
}

/** An error meant for a person. Its message is one clear paragraph: what is wrong, where, what to do. */
export class LoamError extends Error {
  readonly kind: ErrorKind;
  readonly what: string;
  readonly where: string | undefined;
  readonly remedy: string;
  readonly action: ErrorAction | undefined;

  constructor(account: ErrorAccount, options?: ErrorOptions) {
    super(
      [account.where === undefined ? account.what : `${account.where}: ${account.what}`, account.remedy].join(
        ' ',
      ),
      options,
    );
    this.name = new.target.name;
    this.kind = account.kind;
    this.what = account.what;
    this.where = account.where;
    this.remedy = account.remedy;
    this.action = account.action;
  }

  /** The same error with some of its parts in other words, for somebody who knows more of the occasion. */
  inOtherWords(changes: Partial<ErrorAccount>): LoamError {
    const { kind, what, where, remedy, action } = this;
    return new LoamError(
      {
        kind,
        what,
        remedy,
        ...(where === undefined ? {} : { where }),
        ...(action === undefined ? {} : { action }),
        ...changes,
      },
      { cause: this },
    );
  }
}

/** Fails at compile time when a discriminated union has a case that a switch forgot, and at run time when data lies. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected case: ${JSON.stringify(value)}`);
}
