import { z } from 'zod';
import { engineNames } from '../engines/engine.ts';

/** What a person sets once for this machine, whatever the project. */
export const settingsSchema = z.strictObject({
  freeCores: z.int().min(0).default(0).describe('Processor cores that training leaves to other programs.'),
  engine: z
    .enum(['auto', ...engineNames])
    .default('auto')
    .describe(
      'What computes where nothing else is chosen: training, writing, evaluating. auto: the one that was measured to be faster here.',
    ),
  projectsFolder: z
    .string()
    .max(4096)
    .regex(
      /^$|^\/|^[A-Za-z]:[\\/]|^\\\\/,
      'It must be a whole path, from the root of a disk on, or empty for the usual place.',
    )
    .default('')
    .describe('Folder in which new projects are made. Empty: the folder Loam in your home folder.'),
});

export type Settings = z.output<typeof settingsSchema>;
