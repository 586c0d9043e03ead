import type { RunConfigurationInput } from './configuration.ts';

/** A named starting point for a run. */
export interface Preset {
  readonly name: string;
  /** One line for a list. */
  readonly summary: string;
  readonly configuration: RunConfigurationInput;
}
