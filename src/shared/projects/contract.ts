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

const folder = z.string().min(1).max(4096);

export const projectsContract = {
  /** Projects opened before, the latest first. */
  recent: procedure.output(z.array(recentProjectSchema)),
  /** Where a new project goes when its name is all that is given, and which project the host was started for. */
  places: procedure.output(
    z.strictObject({ projectsFolder: z.string(), startProject: z.string().optional() }),
  ),
  /** Makes a project: a folder, or a name for one in the usual place. */
  create: procedure
    .input(z.union([z.strictObject({ folder }), z.strictObject({ name: z.string().min(1).max(80) })]))
    .output(projectSchema),
  /** Opens a project and remembers it among the recent ones. */
  open: procedure.input(z.strictObject({ folder })).output(projectSchema),
  /** Takes a project off the list of recent ones; its folder stays. */
  forget: procedure.input(z.strictObject({ folder })),
};
