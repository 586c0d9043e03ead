import { Option } from '@commander-js/extra-typings';
import { engineNames } from '../../../shared/engines/engine.ts';

/** `--engine`, of commands that compute. */
export function engineOption(usual = 'as the settings say') {
  return new Option('--engine <name>', `what computes (default: ${usual})`).choices(engineNames);
}
