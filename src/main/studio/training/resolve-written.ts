import type { RunConfiguration } from '../../../shared/runs/configuration.ts';
import type { PlannedRun } from '../../../shared/runs/creation-contract.ts';
import { usualEngine } from '../engines/usual-engine.ts';
import { readSettings } from '../settings/settings.ts';
import { resolveConfiguration } from './resolve-configuration.ts';

/** A run's whole configuration: what was written, over the machine's settings and the defaults. */
export async function resolveWritten(written: PlannedRun['configuration']): Promise<RunConfiguration> {
  const { freeCores } = await readSettings();
  return resolveConfiguration([
    { origin: 'the settings', values: { engine: { name: await usualEngine('training'), freeCores } } },
    { origin: 'the configuration', values: written },
  ]);
}
