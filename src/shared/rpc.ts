import { oc } from '@orpc/contract';
import { z } from 'zod';

/** The parts of an error that a person reads; see `ErrorAccount`. */
export const errorAccountSchema = z.object({
  kind: z.enum(['misuse', 'input', 'environment', 'interrupted']),
  what: z.string(),
  where: z.string().optional(),
  remedy: z.string(),
});

/**
 * What every procedure is made from: it may refuse with `ACCOUNT`, an error for a person. Anything else that goes wrong
 * is a defect of the program and crosses without its details, which go into the log.
 */
export const procedure = oc.errors({ ACCOUNT: { status: 422, data: errorAccountSchema } });

/** Names the project's folder in a call's headers, percent-encoded, since one host may have several projects open. */
export const projectHeader = 'loam-project';
