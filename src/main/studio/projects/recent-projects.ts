import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { RecentProject } from '../../../shared/projects/contract.ts';
import type { ProjectSummary } from '../../../shared/projects/project.ts';
import { writeJsonAtomically } from '../../llm/files/atomic-file.ts';
import { makeFolder } from '../../llm/files/make-folder.ts';
import { userFolder } from '../settings/user-folder.ts';
import { projectPaths } from './paths.ts';

const longestList = 20;
const fileSchema = z.array(z.object({ folder: z.string(), name: z.string(), openedAt: z.iso.datetime() }));

const recentFile = () => join(userFolder(), 'recent-projects.json');

/** A list that cannot be read is no reason to fail: it is begun anew. */
async function read(): Promise<z.output<typeof fileSchema>> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(recentFile(), 'utf8')));
  } catch {
    return [];
  }
}

/** The folders on the list, for where nothing can be awaited. */
export function readRecentFolders(): readonly string[] {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(recentFile(), 'utf8'))).map(({ folder }) => folder);
  } catch {
    return [];
  }
}

async function write(list: z.output<typeof fileSchema>): Promise<void> {
  await makeFolder(userFolder());
  await writeJsonAtomically(recentFile(), list.slice(0, longestList));
}

/** Projects opened on this machine, the latest first. */
export async function listRecentProjects(): Promise<readonly RecentProject[]> {
  return (await read()).map((entry) => ({ ...entry, present: existsSync(projectPaths(entry.folder).store) }));
}

/** Puts a project at the head of the list. */
export async function rememberProject(
  { folder, name }: ProjectSummary,
  clock = () => new Date(),
): Promise<void> {
  const others = (await read()).filter((entry) => entry.folder !== folder);
  await write([{ folder, name, openedAt: clock().toISOString() }, ...others]);
}

export async function forgetProject(folder: string): Promise<void> {
  await write((await read()).filter((entry) => entry.folder !== folder));
}
