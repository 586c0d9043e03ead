import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forkLauncher } from '../../src/main/studio/processes/launcher.ts';
import { createStudio } from '../../src/main/studio/studio.ts';
import { openProjectPlace, type ProjectPlace } from './project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

test('at the end all work is stopped at once: a run need not wait for an installation to end before it saves', async () => {
  const studio = createStudio({ launcher: forkLauncher });
  const stopped = Promise.withResolvers<undefined>();
  studio
    .project(place.project.folder)
    .jobs.start({ kind: 'training', title: 'A run' }, async ({ signal }) => {
      await once(signal, 'abort');
      stopped.resolve(undefined);
    });
  studio.engines.start('installation', async ({ signal }) => {
    await once(signal, 'abort');
    await stopped.promise;
  });
  await studio.close();
  expect(studio.engines.current()?.status).not.toBe('running');
});
