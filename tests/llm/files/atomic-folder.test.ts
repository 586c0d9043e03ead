import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeUnfinishedFolders, writeFolderAtomically } from '../../../src/main/llm/files/atomic-folder.ts';

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
    await writeFolderAtomically(folder, async (temporary) => {
      await writeFile(join(temporary, 'other.txt'), 'second');
      expect(await readdir(folder)).toEqual(['inner']);
    });
    expect(await readdir(folder)).toEqual(['other.txt']);
    expect(await readdir(parent)).toEqual(['step']);
  });

  it('leaves the older one and no remnants when filling fails', async () => {
    const folder = join(parent, 'step');
    await writeFolderAtomically(folder, fillWith('first'));
    await expect(
      writeFolderAtomically(folder, async (temporary) => {
        await fillWith('second')(temporary);
        throw new Error('filling failed');
      }),
    ).rejects.toThrow('filling failed');
    expect(await readFile(join(folder, 'inner', 'file.txt'), 'utf8')).toBe('first');
    expect(await readdir(parent)).toEqual(['step']);
  });
});

describe('what killed writers leave', () => {
  it('is removed, and a folder on the point of being replaced gets its name back', async () => {
    const pid = await deadProcessId();
    await mkdir(join(parent, `.step-1.partial-${pid}-0123abcd`));
    await mkdir(join(parent, `.step-2.replaced-${pid}-0123abcd`));
    await writeFile(join(parent, `.step-2.replaced-${pid}-0123abcd`, 'kept.txt'), 'kept');
    await mkdir(join(parent, 'step-3'));
    await mkdir(join(parent, `.step-3.replaced-${pid}-0123abcd`));
    await removeUnfinishedFolders(parent);
    expect((await readdir(parent)).toSorted()).toEqual(['step-2', 'step-3']);
    expect(await readdir(join(parent, 'step-2'))).toEqual(['kept.txt']);
  });

  it('is removed when its process id has come again as this process', async () => {
    await mkdir(join(parent, `.step.partial-${process.pid}-0123abcd`));
    await removeUnfinishedFolders(parent);
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
      writeFolderAtomically(folder, () => Promise.reject(new Error('filling failed'))),
    ).rejects.toThrow('filling failed');
    expect(await readdir(folder)).toEqual(['kept.txt']);
    await rm(folder, { recursive: true });
    await leave();
    await writeFolderAtomically(folder, fillWith('new'));
    expect(await readdir(folder)).toEqual(['inner']);
    expect((await readdir(parent)).toSorted()).toEqual([`.other.partial-${pid}-0123abcd`, 'step']);
  });

  it('is left alone while its writer lives, in this process or another', async () => {
    const other = `.other.partial-${process.ppid}-0123abcd`;
    await mkdir(join(parent, other));
    await writeFolderAtomically(join(parent, 'step'), async (temporary) => {
      expect(await removeUnfinishedFolders(parent)).toEqual([]);
      await fillWith('here')(temporary);
    });
    expect((await readdir(parent)).toSorted()).toEqual([other, 'step']);
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
      await removeUnfinishedFolders(parent);
      expect(await readdir(parent)).toEqual(['step']);
      const texts = await Promise.all(
        ['a', 'b', 'c'].map((name) => readFile(join(parent, 'step', name), 'utf8')),
      );
      expect(new Set(texts).size).toBe(1);
    }
  });
});
