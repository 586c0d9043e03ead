import { z } from 'zod';
import { momentSchema } from '../names.ts';
import { procedure } from '../rpc.ts';
import { projectSchema } from './project.ts';

/** A project that was opened before on this machine. */
export const recentProjectSchema = z.strictObject({
  folder: z.string(),
  name: z.string(),
  openedAt: momentSchema,
  /** Whether its folder still holds a project. */
  present: z.boolean(),
});
export type RecentProject = z.output<typeof recentProjectSchema>;

/** Where Loam keeps what. */
export const placesSchema = z.strictObject({
  /** Where a new project goes when its name is all that is given. */
  projectsFolder: z.string(),
  /** Where it would go without the setting `projectsFolder`. */
  usualProjectsFolder: z.string(),
  /** Holds the settings, the list of recent projects and the log of what belongs to no project. */
  userFolder: z.string(),
  startProject: z.string().optional(),
});

const folder = z.string().min(1).max(4096);

export const projectsContract = {
  /** Projects opened before, the latest first. */
  recent: procedure.output(z.array(recentProjectSchema)),
  /** Where things are kept on this machine, and which project the host was started for. */
  places: procedure.output(placesSchema),
  /** Makes a project: a folder, or a name for one in the usual place. */
  create: procedure
    .input(z.union([z.strictObject({ folder }), z.strictObject({ name: z.string().min(1).max(80) })]))
    .output(projectSchema),
  /**
   * Makes a project with sample texts in the usual place, under the next free name. It is there at once; its texts,
   * tokenizers and runs are made by jobs in it, one after the other.
   */
  createSample: procedure.output(projectSchema),
  /** Opens a project and remembers it among the recent ones. */
  open: procedure.input(z.strictObject({ folder })).output(projectSchema),
  /** Agrees to a project that was not made here, after which it opens; it is remembered by its place and identity. */
  trust: procedure.input(z.strictObject({ folder })),
  /** Takes a project off the list of recent ones; its folder stays. */
  forget: procedure.input(z.strictObject({ folder })),
};
