import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFolderAtomically } from '../../../src/main/llm/files/atomic-folder.ts';
import { removeLeftovers } from '../../../src/main/llm/files/leftovers.ts';

const killedWriter = fileURLToPath(new URL('./endless-folder-writer.ts', import.meta.url));

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'loam-folders-'));
});
afterEach(() => rm(parent, { recursive: true }));

/** A process id that no process has any more. */
async function deadProcessId(): Promise<number> {
  const child = spawn(process.execPath, ['--eval', ''], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

/** For folders that the tests know to be written by this program. */
const replaceable = { requireReplaceable: () => undefined };

const fillWith = (text: string) => async (folder: string) => {
  await mkdir(join(folder, 'inner'));
  await writeFile(join(folder, 'inner', 'file.txt'), text);
};

describe('a folder written atomically', () => {
  it('appears with everything in it, and nothing else beside it', async () => {
    await writeFolderAtomically(join(parent, 'step'), fillWith('first'));
    expect(await readdir(parent)).toEqual(['step']);
    expect(await readFile(join(parent, 'step', 'inner', 'file.txt'), 'utf8')).toBe('first');
  });

  it('does not appear before it is filled, and replaces an older one whole', async () => {
    const folder = join(parent, 'step');
    await writeFolderAtomically(folder, async (temporary) => {
      await fillWith('first')(temporary);
      expect(await readdir(parent)).not.toContain('step');
    });
    await writeFolderAtomically(
      folder,
      async (temporary) => {
        await writeFile(join(temporary, 'other.txt'), 'second');
        expect(await readdir(folder)).toEqual(['inner']);
      },
      replaceable,
    );
    expect(await readdir(folder)).toEqual(['other.txt']);
    expect(await readdir(parent)).toEqual(['step']);
  });

  it('leaves the older one and no remnants when filling fails', async () => {
    const folder = join(parent, 'step');
    await writeFolderAtomically(folder, fillWith('first'));
    await expect(
      writeFolderAtomically(
        folder,
        async (temporary) => {
          await fillWith('second')(temporary);
          throw new Error('filling failed');
        },
        replaceable,
      ),
    ).rejects.toThrow('filling failed');
    expect(await readFile(join(folder, 'inner', 'file.txt'), 'utf8')).toBe('first');
    expect(await readdir(parent)).toEqual(['step']);
  });
});

it('a folder that is not known to be the program’s own is not replaced', async () => {
  const folder = join(parent, 'letters');
  await mkdir(folder);
  await writeFolderAtomically(folder, fillWith('an empty one is no loss'));
  await expect(writeFolderAtomically(folder, fillWith('new'))).rejects.toThrow('does not know as its own');
  expect(await readdir(parent)).toEqual(['letters']);
  const file = join(parent, 'letter');
  await writeFile(file, 'dear');
  await expect(writeFolderAtomically(file, fillWith('new'))).rejects.toThrow('does not know as its own');
  expect(await readFile(file, 'utf8')).toBe('dear');
});

describe('what killed writers leave', () => {
  it('is removed, and a folder on the point of being replaced gets its name back', async () => {
    const pid = await deadProcessId();
    await mkdir(join(parent, `.step-1.partial-${pid}-0123abcd`));
    await mkdir(join(parent, `.step-2.replaced-${pid}-0123abcd`));
    await writeFile(join(parent, `.step-2.replaced-${pid}-0123abcd`, 'kept.txt'), 'kept');
    await mkdir(join(parent, 'step-3'));
    await mkdir(join(parent, `.step-3.replaced-${pid}-0123abcd`));
    await removeLeftovers(parent, { age: 0 });
    expect((await readdir(parent)).toSorted()).toEqual(['step-2', 'step-3']);
    expect(await readdir(join(parent, 'step-2'))).toEqual(['kept.txt']);
  });

  it('is removed when its process id has come again as this process', async () => {
    await mkdir(join(parent, `.step.partial-${process.pid}-0123abcd`));
    await removeLeftovers(parent, { age: 0 });
    expect(await readdir(parent)).toEqual([]);
  });

  it('is put right by the next writer of the same folder, whether that succeeds or fails', async () => {
    const pid = await deadProcessId();
    const folder = join(parent, 'step');
    const leave = async () => {
      await mkdir(join(parent, `.step.partial-${pid}-0123abcd`));
      await mkdir(join(parent, `.step.replaced-${pid}-0123abcd`));
      await writeFile(join(parent, `.step.replaced-${pid}-0123abcd`, 'kept.txt'), 'kept');
      await mkdir(join(parent, `.other.partial-${pid}-0123abcd`), { recursive: true });
    };
    await leave();
    await expect(
      writeFolderAtomically(folder, () => Promise.reject(new Error('filling failed')), replaceable),
    ).rejects.toThrow('filling failed');
    expect(await readdir(folder)).toEqual(['kept.txt']);
    await rm(folder, { recursive: true });
    await leave();
    await writeFolderAtomically(folder, fillWith('new'), replaceable);
    expect(await readdir(folder)).toEqual(['inner']);
    expect((await readdir(parent)).toSorted()).toEqual([`.other.partial-${pid}-0123abcd`, 'step']);
  });

  it('is left alone while it is young and no lock says that nobody writes, whoever has its process id now', async () => {
    const [young, old] = [`.young.partial-${process.ppid}-0123abcd`, `.old.partial-${process.ppid}-0123abcd`];
    for (const name of [young, old, '.now.partial-0123456789ab']) await mkdir(join(parent, name));
    const hours = (count: number) => new Date(Date.now() - count * 3_600_000);
    await utimes(join(parent, old), hours(2), hours(2));
    // A folder's own time is that of its entries: the file in it may still grow.
    await utimes(join(parent, '.now.partial-0123456789ab'), hours(2), hours(2));
    await mkdir(join(parent, '.grows.partial-0123456789ab'));
    await writeFile(join(parent, '.grows.partial-0123456789ab', 'weights'), 'more');
    await utimes(join(parent, '.grows.partial-0123456789ab'), hours(2), hours(2));
    expect((await removeLeftovers(parent)).toSorted()).toEqual(['.now.partial-0123456789ab', old].toSorted());
    expect((await readdir(parent)).toSorted()).toEqual(['.grows.partial-0123456789ab', young].toSorted());
  });

  it('is left alone by this process while it writes it, whatever a lock says', async () => {
    await writeFolderAtomically(join(parent, 'step'), async (temporary) => {
      expect(await removeLeftovers(parent, { age: 0 })).toEqual([]);
      await fillWith('here')(temporary);
    });
    expect(await readdir(parent)).toEqual(['step']);
  });

  it('is known by the whole form of its name: a person’s own file of a similar one stays', async () => {
    const own = [
      'thesis.partial-final',
      'report.partial',
      '.notes.partial',
      '.draft.replaced-by-me',
      'a.partial-abcdef',
    ];
    for (const name of own) await writeFile(join(parent, name), 'mine');
    expect(await removeLeftovers(parent, { age: 0 })).toEqual([]);
    expect((await readdir(parent)).toSorted()).toEqual(own.toSorted());
  });

  it('never is a folder with half its files, at whatever moment the writer is killed', async () => {
    for (let round = 0; round < 12; round++) {
      const child: ChildProcess = fork(killedWriter, [parent], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      await once(child, 'message');
      await new Promise((resolve) => setTimeout(resolve, 7 * round));
      child.kill('SIGKILL');
      await once(child, 'exit');
      await removeLeftovers(parent, { age: 0 });
      expect(await readdir(parent)).toEqual(['step']);
      const texts = await Promise.all(
        ['a', 'b', 'c'].map((name) => readFile(join(parent, 'step', name), 'utf8')),
      );
      expect(new Set(texts).size).toBe(1);
    }
  });
});
