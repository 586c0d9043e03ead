import { join } from 'node:path';
import type { Names } from './stored-names.ts';
import { namesIn } from './verify-folders.ts';

/**
 * What lies in a project's folder and is not in its store: of a store that has become older this is what can be named of
 * what it lacks. Each is a short phrase: "checkpoint nano-1@200".
 */
export async function listUnknownArtefacts(folder: string, names: Names): Promise<readonly string[]> {
  const unknown: string[] = [];
  const look = async (noun: string, parent: string, known: readonly string[]): Promise<void> => {
    for (const name of await namesIn(join(folder, parent)))
      if (!known.includes(name)) unknown.push(`${noun} ${name}`);
  };
  await look('tokenizer', 'tokenizers', names.tokenizers);
  await look('model', 'models', names.models);
  const runs = names.runs.map(({ name }) => name);
  await look('run', 'runs', runs);
  for (const run of runs)
    for (const step of await namesIn(join(folder, 'runs', run, 'checkpoints'))) {
      const number = Number(/^step-(\d+)$/.exec(step)?.[1]);
      if (Number.isNaN(number)) continue;
      if (!names.checkpoints.some((known) => known.run === run && known.step === number))
        unknown.push(`checkpoint ${run}@${number}`);
    }
  return unknown;
}
