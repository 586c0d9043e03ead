import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openEngine } from '../../../src/main/studio/engines/open-engine.ts';
import { packManifestSchema } from '../../../src/main/studio/engines/pack.ts';
import { installedPackFolder, tensorFlowTitle } from '../../llm/engines/tensorflow/installed-pack.ts';
import { accountOf, makeEnginePlace, type EnginePlace } from './engine-place.ts';

describe.skipIf(installedPackFolder === undefined)(tensorFlowTitle, () => {
  let place: EnginePlace;
  beforeEach(async () => {
    place = await makeEnginePlace();
    vi.stubEnv('LOAM_HOME', place.folder);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await place.remove();
  });

  test('installed for a card is refused where it would compute on the processor without a word', async () => {
    const pack = place.path('engines/tensorflow');
    await mkdir(pack, { recursive: true });
    await symlink(join(installedPackFolder!, 'lib'), join(pack, 'lib'));
    const manifest = packManifestSchema.parse(
      JSON.parse(await readFile(join(installedPackFolder!, 'pack.json'), 'utf8')),
    );
    const onCard = { ...manifest, device: 'gpu', deviceName: 'NVIDIA Tesla T4' } as const;
    await writeFile(join(pack, 'pack.json'), JSON.stringify(onCard));
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '-1');
    expect(await accountOf(openEngine('tensorflow', 1).then(() => undefined))).toMatchObject({
      kind: 'environment',
      what: expect.stringContaining('does not find the card'),
      action: { do: 'installEngine', device: 'gpu' },
    });
    await writeFile(join(pack, 'pack.json'), JSON.stringify({ ...manifest, device: 'cpu' }));
    const engine = await openEngine('tensorflow', 1);
    expect(engine.description.deviceKind).toBe('cpu');
    await engine.dispose();
  });
});
