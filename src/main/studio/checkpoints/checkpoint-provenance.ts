import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { provenanceSchema, type Provenance } from '../../../shared/runs/run.ts';
import type { FoundCheckpoint } from './find-checkpoint.ts';

/** Where a checkpoint comes from: as its run says, or else the record in its folder. Undefined where there is none. */
export async function provenanceOf(checkpoint: FoundCheckpoint): Promise<Provenance | undefined> {
  if (checkpoint.run !== undefined) return checkpoint.run.provenance;
  try {
    const file = join(checkpoint.folder, 'loam', 'provenance.json');
    return provenanceSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // A model of another program, an exported one, or a record that cannot be read: nothing is known either way.
    return undefined;
  }
}
