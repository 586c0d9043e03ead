import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { freemem, release, type } from 'node:os';
import { dirname } from 'node:path';
import type { Machine } from '../../../shared/hardware/contract.ts';
import { findProjectsFolder } from '../settings/projects-folder.ts';
import { loamVersion } from '../version.ts';
import { listGraphicsProcessors } from './graphics-processors.ts';
import { describeHardware } from './hardware.ts';
import { listInstructionSets } from './instruction-sets.ts';

/** The machine as it is now: what it has, what is free, and its cards. */
export async function describeMachine(): Promise<Machine> {
  const [disk, graphicsProcessors, instructionSets] = await Promise.all([
    describeDisk(await findProjectsFolder()),
    listGraphicsProcessors(),
    listInstructionSets(),
  ]);
  return {
    ...describeHardware(),
    freeMemoryBytes: freemem(),
    operatingSystem: `${type()} ${release()}`,
    ...(disk === undefined ? {} : { disk }),
    graphicsProcessors: [...graphicsProcessors],
    instructionSets: [...instructionSets],
    versions: { loam: loamVersion, node: process.versions.node },
  };
}

/** Room on the disk of a folder, or of the nearest one above it that is there. */
async function describeDisk(folder: string): Promise<Machine['disk']> {
  let nearest = folder;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  try {
    const { bavail, blocks, bsize } = await statfs(nearest);
    return { folder, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return undefined;
  }
}
