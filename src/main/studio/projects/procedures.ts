import { join } from 'node:path';
import { withoutProject } from '../implement.ts';
import { createProject, describeProject } from './projects.ts';
import { forgetProject, listRecentProjects, rememberProject } from './recent-projects.ts';
import { projectsFolder, requireProjectName } from './projects-folder.ts';

export const projectsProcedures = {
  recent: withoutProject.projects.recent.handler(async () => [...(await listRecentProjects())]),
  places: withoutProject.projects.places.handler(({ context }) => ({
    projectsFolder: projectsFolder(),
    ...(context.studio.startProject === undefined ? {} : { startProject: context.studio.startProject }),
  })),
  create: withoutProject.projects.create.handler(async ({ input }) => {
    const folder = 'folder' in input ? input.folder : join(projectsFolder(), requireProjectName(input.name));
    const project = await createProject(folder);
    await rememberProject(project);
    return project;
  }),
  open: withoutProject.projects.open.handler(async ({ context, input }) => {
    const project = describeProject(context.studio.project(input.folder).project);
    await rememberProject(project);
    return project;
  }),
  forget: withoutProject.projects.forget.handler(({ input }) => forgetProject(input.folder)),
};
