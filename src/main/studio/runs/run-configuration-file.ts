import { join } from 'node:path';
import type { RunConfiguration } from '../../../shared/runs/configuration.ts';
import { writeJsonAtomically } from '../../llm/files/atomic-file.ts';
import type { Project } from '../projects/projects.ts';

/** Writes what a run is configured as into its folder, for whoever reads that without Loam; the store says the same. */
export async function writeRunConfiguration(
  project: Project,
  { name, configuration }: { readonly name: string; readonly configuration: RunConfiguration },
): Promise<void> {
  await writeJsonAtomically(join(project.paths.run(name), 'configuration.json'), configuration);
}
