import { z } from 'zod';
import { momentSchema } from '../names.ts';

/** The parts of a project that are looked at, in this order. */
export const verifiedAreas = [
  'store',
  'sources',
  'tokenizers',
  'indexes',
  'tokens',
  'models',
  'runs',
  'exports',
  'backups',
] as const;
const areaSchema = z.enum(verifiedAreas);
export type VerifiedArea = z.output<typeof areaSchema>;

/** What is the matter with a thing that was looked at. */
export const findingStatuses = [
  /** It is not what was written. */
  'damaged',
  /** It is gone. */
  'missing',
  /** Changes that had been stored are no longer there. */
  'lost',
  /** Nothing tells whether it is what was written: it was made before Loam kept hashes, or by another program. */
  'unprotected',
] as const;
const findingStatusSchema = z.enum(findingStatuses);
export type FindingStatus = z.output<typeof findingStatusSchema>;

/** What is made again, where that can be done. */
const repairKindSchema = z.enum(['index', 'tokens', 'summaries', 'configuration', 'manifest']);

export const findingSchema = z.object({
  area: areaSchema,
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
  /** It can be taken as right from now on: rows of the store that have changed, and losses that are known. */
  acceptable: z.literal(true).optional(),
});
export type Finding = z.output<typeof findingSchema>;

export const verificationSchema = z.object({
  /** Files that were read to their end. */
  files: z.int().min(0),
  bytes: z.int().min(0),
  /** Rows of the store that were compared with their digests. */
  rows: z.int().min(0),
  /** The same for each part that has something in it. */
  areas: z.array(z.object({ area: areaSchema, files: z.int().min(0), bytes: z.int().min(0) })),
  findings: z.array(findingSchema),
});
export type Verification = z.output<typeof verificationSchema>;

/** What became of a finding that was to be mended. */
export const repairSchema = z.object({
  what: z.string(),
  path: z.string(),
  /** A sentence. */
  outcome: z.string(),
  repaired: z.boolean(),
});
export type Repair = z.output<typeof repairSchema>;

/** The last look at a project, as the project keeps it. */
export const verificationRecordSchema = z.object({
  checkedAt: momentSchema,
  verification: verificationSchema,
  /** How many more findings there were than are kept. */
  leftOut: z.int().min(0),
  /** What was mended before this look, if it followed a repair. */
  repairs: z.array(repairSchema),
  /** What was taken as right before this look, each a sentence. */
  accepted: z.array(z.string()),
});
export type VerificationRecord = z.output<typeof verificationRecordSchema>;

/** Whether a finding means that something is not as it was. */
export const isFault = ({ status }: Pick<Finding, 'status'>): boolean => status !== 'unprotected';
