import { z } from 'zod';
import { procedure } from '../rpc.ts';
import { hardwareSchema } from '../runs/run.ts';

/** A graphics processor, as far as the operating system tells of it. */
export const graphicsProcessorSchema = z.strictObject({
  name: z.string(),
  memoryBytes: z.number().optional(),
  driver: z.string().optional(),
});
export type GraphicsProcessor = z.output<typeof graphicsProcessorSchema>;

/** The machine as it is now. */
export const machineSchema = hardwareSchema.extend({
  freeMemoryBytes: z.number(),
  operatingSystem: z.string(),
  /** Of the disk that holds the projects; absent where it cannot be asked. */
  disk: z.strictObject({ folder: z.string(), freeBytes: z.number(), totalBytes: z.number() }).optional(),
  graphicsProcessors: z.array(graphicsProcessorSchema),
  /** What the processor has for work on many numbers at once: avx2, fma … */
  instructionSets: z.array(z.string()),
  versions: z.strictObject({ loam: z.string(), node: z.string() }),
});
export type Machine = z.output<typeof machineSchema>;

export const hardwareContract = {
  /** The machine that computes. */
  show: procedure.output(machineSchema),
};
