import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFolderAtomically } from '../../../src/main/llm/files/atomic-folder.ts';

/** Replaces one folder of three files with equal contents again and again, until it is killed. */
const parent = process.argv[2] ?? '.';
for (let version = 0; ; version++) {
  await writeFolderAtomically(
    join(parent, 'step'),
    async (temporary) => {
      for (const name of ['a', 'b', 'c']) await writeFile(join(temporary, name), `${version}`.repeat(10_000));
    },
    { requireReplaceable: () => undefined },
  );
  if (version === 0) process.send?.('written');
}
