import { homedir } from 'node:os';
import { join } from 'node:path';
import { requireValidName } from '../names.ts';

/** Where projects go that are given a name and no place. */
export function projectsFolder(): string {
  return join(homedir(), 'Loam');
}

/** @throws LoamError when a name cannot be a folder's. */
export function requireProjectName(name: string): string {
  requireValidName('project', name);
  return name;
}
