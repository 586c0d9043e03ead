import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { router } from '../../../src/main/studio/api/router.ts';
import { forkLauncher } from '../../../src/main/studio/processes/launcher.ts';
import { createStudio, type Studio } from '../../../src/main/studio/studio.ts';
import { importTokenizer } from '../../../src/main/studio/tokenizers/tokenizers.ts';
import { projectHeader } from '../../../src/shared/rpc.ts';
import { goldenCases, goldenPath } from '../../fixtures/tokenizers/golden.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';

// One project and one worker process for all the texts, which change neither.
let place: ProjectPlace;
let studio: Studio;
beforeAll(async () => {
  place = await openProjectPlace();
  studio = createStudio({ launcher: forkLauncher });
  await importTokenizer(place.project, 'foreign', goldenPath('gpt4'));
});
afterAll(async () => {
  await studio.close();
  await place.remove();
});

test.each(goldenCases('gpt4'))('encoding gives the ids of tokenizers for "$name"', async ({ text, ids }) => {
  const client = createRouterClient(router, {
    context: {
      studio,
      reqHeaders: new Headers({ [projectHeader]: encodeURIComponent(place.project.folder) }),
    },
  });
  const { tokens, restored } = await client.tokenizers.encode({ name: 'foreign', text });
  expect(tokens.map((token) => token.id)).toEqual(ids);
  expect(tokens.map((token) => token.bytes).join('')).toBe(Buffer.from(text).toString('hex'));
  expect(restored).toBe(true);
});
