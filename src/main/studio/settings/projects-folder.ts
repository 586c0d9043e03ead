import { homedir } from 'node:os';
import { join } from 'node:path';
import { requireValidName } from '../names.ts';
import { readSettings } from './settings.ts';

/** Where projects go that are given a name and no place, unless the settings say another one. */
export function usualProjectsFolder(): string {
  return join(homedir(), 'Loam');
}

/** Where projects go that are given a name and no place. */
export async function findProjectsFolder(): Promise<string> {
  const { projectsFolder } = await readSettings();
  return projectsFolder === '' ? usualProjectsFolder() : projectsFolder;
}

/** @throws LoamError when a name cannot be a folder's. */
export function requireProjectName(name: string): string {
  return requireValidName('project', name);
}
