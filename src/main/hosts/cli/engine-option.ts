import { Option } from '@commander-js/extra-typings';
import { engineNames } from '../../../shared/engines/engine.ts';

/** `--engine`, of commands that compute. */
export function engineOption() {
  return new Option('--engine <name>', 'what computes (default: as the settings say)').choices(engineNames);
}
