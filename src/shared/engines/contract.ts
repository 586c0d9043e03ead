import { z } from 'zod';
import { momentSchema } from '../names.ts';
import { errorAccountSchema, procedure } from '../rpc.ts';
import { jobProgressSchema } from '../jobs/job.ts';
import { engineNames } from './engine.ts';

/** What an engine did on a machine, when it was measured. */
export const engineBenchmarkSchema = z.strictObject({
  /** Of a large product of matrices, 10⁹ operations a second. */
  matrixGigaflops: z.number().positive(),
  secondsPerStep: z.number().positive(),
  memoryBytes: z.number().positive(),
  tokensPerSecond: z.number().positive(),
  processor: z.string(),
  /** Of the engine: what another version or device did says nothing of this one. */
  version: z.string(),
  device: z.string(),
  threads: z.int().positive(),
  measuredAt: momentSchema,
});
export type KeptBenchmark = z.output<typeof engineBenchmarkSchema>;

/** An engine as it stands here. */
export const engineStateSchema = z.strictObject({
  name: z.enum(engineNames),
  /** `impossible`: there is none for this platform. */
  state: z.enum(['ready', 'installable', 'failing', 'impossible']),
  version: z.string().optional(),
  /** The processor or card that it computes on. */
  device: z.string().optional(),
  /** Why it is failing or impossible. */
  reason: z.string().optional(),
  /** What it takes on the disk, of an engine that was installed. */
  bytes: z.number().optional(),
  folder: z.string().optional(),
  /** Where its files came from. */
  source: z.string().optional(),
  /** Archives among these whose checksum Loam did not know. */
  unknownFiles: z.array(z.string()).readonly().optional(),
  benchmark: engineBenchmarkSchema.optional(),
});
export type EngineState = z.output<typeof engineStateSchema>;

/** A pack that can be fetched. */
export const packOfferSchema = z.strictObject({
  id: z.string(),
  device: z.enum(['cpu', 'gpu']),
  version: z.string(),
  way: z.enum(['pip', 'download']),
  /** What fetches it, from where, how large it is, and what it needs. */
  description: z.string(),
  /** Why it would not work here. */
  obstacle: z.string().optional(),
});
export type OfferedPack = z.output<typeof packOfferSchema>;

/** Work on engines: an installation, or a measurement. One at a time. */
export const engineWorkSchema = z.strictObject({
  kind: z.enum(['installation', 'benchmark']),
  status: z.enum(['running', 'completed', 'failed', 'cancelled']),
  progress: jobProgressSchema,
  error: errorAccountSchema.optional(),
});
export type EngineWork = z.output<typeof engineWorkSchema>;

export const enginesContract = {
  list: procedure.output(
    z.strictObject({
      engines: z.array(engineStateSchema),
      offers: z.array(packOfferSchema),
      /** What is computed with where nothing else is chosen. */
      usual: z.enum(engineNames),
    }),
  ),
  /** Work that is under way, or how the last one ended; null before any. */
  work: procedure.output(engineWorkSchema.nullable()),
  /** Asks the servers of an offer how large its files are: the only thing that is sent before a person says yes. Null: they do not say. */
  size: procedure.input(z.strictObject({ offer: z.string() })).output(z.number().nullable()),
  /** Fetches and installs an offer, or installs what lies in a file or folder of this machine. */
  install: procedure.input(
    z.union([z.strictObject({ offer: z.string() }), z.strictObject({ path: z.string().min(1).max(4096) })]),
  ),
  /** Measures every engine that is ready. */
  benchmark: procedure,
  cancel: procedure,
  remove: procedure.output(z.strictObject({ freedBytes: z.number() })),
};
