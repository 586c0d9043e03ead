import { oc } from '@orpc/contract';
import { z } from 'zod';
import type { ErrorAction } from './errors.ts';

const engineDevice = z.enum(['cpu', 'gpu']);

/** What helps against an error; see `ErrorAction`. */
const errorActionSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('createProject') }),
  z.object({ do: z.literal('trustProject'), folder: z.string() }),
  z.object({ do: z.literal('restoreStore') }),
  z.object({ do: z.literal('verifyProject') }),
  z.object({ do: z.literal('resumeRun'), run: z.string() }),
  z.object({ do: z.literal('listRuns') }),
  z.object({ do: z.literal('replaceDataset') }),
  z.object({ do: z.literal('replaceExport') }),
  z.object({
    do: z.literal('chooseReading'),
    choice: z.enum(['encoding', 'records', 'leaveOutBadRecords']),
  }),
  z.object({ do: z.literal('freeSpace') }),
  z.object({ do: z.literal('listSettings') }),
  z.object({ do: z.literal('listConfigurationKeys') }),
  z.object({ do: z.literal('showPreset') }),
  z.object({ do: z.literal('installEngine'), device: engineDevice }),
  z.object({ do: z.literal('resumeOnEngine'), run: z.string(), engine: z.string() }),
]) satisfies z.ZodType<ErrorAction>;

/** The parts of an error that a person reads; see `ErrorAccount`. */
export const errorAccountSchema = z.object({
  kind: z.enum(['misuse', 'input', 'environment', 'interrupted']),
  what: z.string(),
  where: z.string().optional(),
  remedy: z.string(),
  action: errorActionSchema.optional(),
});

/**
 * What every procedure is made from: it may refuse with `ACCOUNT`, an error for a person. Anything else that goes wrong
 * is a defect of the program and crosses without its details, which go into the log.
 */
export const procedure = oc.errors({ ACCOUNT: { status: 422, data: errorAccountSchema } });

/** Names the project's folder in a call's headers, percent-encoded, since one host may have several projects open. */
export const projectHeader = 'loam-project';
