import { z } from 'zod';

/** What is the matter with a thing that was looked at. */
const findingStatusSchema = z.enum([
  /** It is not what was written. */
  'damaged',
  /** It is gone. */
  'missing',
  /** Changes that had been stored are no longer there. */
  'lost',
  /** Nothing tells whether it is what was written: it was made before Loam kept hashes, or by another program. */
  'unprotected',
]);

/** What is made again, where that can be done. */
const repairKindSchema = z.enum(['index', 'tokens', 'summaries', 'configuration', 'manifest']);

const findingSchema = z.object({
  status: findingStatusSchema,
  /** The thing, as a person knows it: "checkpoint nano-1@200". */
  what: z.string(),
  /** Where it lies, from the project's folder, with forward slashes. */
  path: z.string(),
  /** A sentence on what was found. */
  detail: z.string(),
  /** A sentence on what is lost with it, and what can be done. */
  consequence: z.string(),
  repair: z.object({ kind: repairKindSchema, does: z.string() }).optional(),
});
export type Finding = z.output<typeof findingSchema>;

export const verificationSchema = z.object({
  /** Files that were read to their end. */
  files: z.int().min(0),
  bytes: z.int().min(0),
  /** Rows of the store that were compared with their digests. */
  rows: z.int().min(0),
  findings: z.array(findingSchema),
});
export type Verification = z.output<typeof verificationSchema>;

/** Whether a finding means that something is not as it was. */
export const isFault = ({ status }: Pick<Finding, 'status'>): boolean => status !== 'unprotected';
