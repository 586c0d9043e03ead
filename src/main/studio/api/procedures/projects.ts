import { join } from 'node:path';
import { withoutProject } from '../implement.ts';
import { describeLoss } from '../../integrity/describe-loss.ts';
import { userFolder } from '../../settings/user-folder.ts';
import { requireWholePath } from '../../typed-paths.ts';
import { trustProject } from '../../projects/known-projects.ts';
import { createProject, describeProject } from '../../projects/projects.ts';
import {
  findProjectsFolder,
  requireProjectName,
  usualProjectsFolder,
} from '../../settings/projects-folder.ts';
import { forgetProject, listRecentProjects, rememberProject } from '../../projects/recent-projects.ts';
import { createSampleProject, fillSampleProject } from '../sample-project.ts';

export const projectsProcedures = {
  recent: withoutProject.projects.recent.handler(async () => [...(await listRecentProjects())]),
  places: withoutProject.projects.places.handler(async ({ context }) => ({
    projectsFolder: await findProjectsFolder(),
    usualProjectsFolder: usualProjectsFolder(),
    userFolder: userFolder(),
    ...(context.studio.startProject === undefined ? {} : { startProject: context.studio.startProject }),
  })),
  create: withoutProject.projects.create.handler(async ({ input }) => {
    if ('folder' in input) requireWholePath(input.folder);
    const folder =
      'folder' in input ? input.folder : join(await findProjectsFolder(), requireProjectName(input.name));
    const project = await createProject(folder);
    await rememberProject(project);
    return project;
  }),
  createSample: withoutProject.projects.createSample.handler(async ({ context: { studio } }) => {
    const sample = await createSampleProject(await findProjectsFolder());
    await rememberProject(sample);
    const { log } = studio.project(sample.folder).project;
    fillSampleProject(studio, sample.folder).catch((error: unknown) => log.error(error));
    return sample;
  }),
  open: withoutProject.projects.open.handler(async ({ context, input }) => {
    requireWholePath(input.folder);
    const { project } = context.studio.project(input.folder);
    const described = describeProject(project);
    const lacks = await describeLoss(project);
    // Nobody is kept from a project because the list of recent ones cannot be written.
    await rememberProject(described).catch((error: unknown) => project.log.error(error));
    return { ...described, ...(lacks === undefined ? {} : { lacks }) };
  }),
  trust: withoutProject.projects.trust.handler(({ input }) => {
    requireWholePath(input.folder);
    return trustProject(input.folder);
  }),
  forget: withoutProject.projects.forget.handler(({ input }) => forgetProject(input.folder)),
};
