import { z } from 'zod';

/** What a person sets once for this machine, whatever the project. */
export const settingsSchema = z.strictObject({
  freeCores: z.int().min(0).default(0).describe('Processor cores that training leaves to other programs.'),
});

export type Settings = z.output<typeof settingsSchema>;
