import type { ErrorAccount } from '../../../shared/errors.ts';

/** One thing that a worker can be asked to do: what it is given, what it tells meanwhile, what it gives back. */
export interface Procedure {
  readonly parameters: unknown;
  readonly event: unknown;
  readonly result: unknown;
}

/** A worker's procedures by name. Each worker file exports its own as a type, which both sides of the channel share. */
export type Procedures = Readonly<Record<string, Procedure>>;

/** From the process that asks to the worker. Everything is structured-cloneable. */
export type WorkerRequest =
  | { readonly type: 'call'; readonly id: number; readonly procedure: string; readonly parameters: unknown }
  | { readonly type: 'cancel'; readonly id: number };

/** From the worker back. */
export type WorkerReply =
  /** The event loop turns, and has heard that the call is to stop. */
  | { readonly type: 'stopping'; readonly id: number }
  | { readonly type: 'event'; readonly id: number; readonly event: unknown }
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly failure: Failure };

/** An error on its way between processes: one for a person, or a defect with its stack for the log. */
export type Failure =
  | { readonly kind: 'account'; readonly account: ErrorAccount }
  | { readonly kind: 'defect'; readonly message: string; readonly stack: string | undefined };
