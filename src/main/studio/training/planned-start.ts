import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StartModelCard } from '../../../shared/runs/start-model.ts';
import { openModelFolder } from '../../llm/checkpoints/model-folder.ts';
import { countParameters } from '../../llm/models/registry.ts';
import { withoutFrame } from '../../llm/tokenizers/load.ts';
import type { Tokenizer } from '../../llm/tokenizers/tokenizer.ts';
import { countLayers } from '../../llm/training/trained-part.ts';
import { findCheckpoint } from '../checkpoints/find-checkpoint.ts';
import type { Project } from '../projects/projects.ts';
import { listTokenizerRows } from '../store/tokenizers.ts';
import { adjustableSettings } from './start-issues.ts';
import { startConfiguration, type StartModel } from './start-model.ts';
import { parametersOf } from '../../llm/models/registry.ts';

/** A model to begin with as far as a plan needs it: nothing of it has to be opened again for an estimate. */
export interface PlannedStart extends StartModel {
  /** As the project keeps it: without what it puts around texts. */
  readonly tokenizer: Pick<Tokenizer, 'hash' | 'endOfText' | 'kind' | 'vocabularySize'>;
}

/** The files that decide what a model is. */
const decisiveFiles = [
  'adapter_config.json',
  'adapter_model.safetensors',
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'model.safetensors',
  'model.safetensors.index.json',
] as const;

/** What was read of folders, each with the state of its files then: a large vocabulary takes a second to read. */
const known = new Map<string, { readonly state: string; readonly start: PlannedStart }>();

const mostKnown = 20;

/**
 * Opens a model to begin with. It may come from elsewhere: call this in a process whose memory has a limit.
 * @param reference a run's name, RUN@step, an imported model, or a folder in Hugging Face's form
 * @throws LoamError when there is none or it cannot be read
 */
export async function describeStart(project: Project, reference: string): Promise<PlannedStart> {
  const { folder, label } = await findCheckpoint(project, reference);
  const state = await stateOf(folder);
  const before = known.get(folder);
  if (before?.state === state) return { ...before.start, reference: label };
  const model = await openModelFolder(folder);
  try {
    const { hash, endOfText, kind, vocabularySize } = withoutFrame(model.tokenizer, folder);
    const start: PlannedStart = {
      reference: label,
      folder,
      shape: model.shape,
      tokenizer: { hash, endOfText, kind, vocabularySize },
    };
    if (known.size >= mostKnown) known.clear();
    known.set(folder, { state, start });
    return start;
  } finally {
    await model.close();
  }
}

async function stateOf(folder: string): Promise<string> {
  const states = decisiveFiles.map(async (name) => {
    const found = await stat(join(folder, name)).catch(() => undefined);
    return found === undefined ? 'none' : `${found.size} ${found.mtimeMs}`;
  });
  return (await Promise.all(states)).join(', ');
}

/** What a page shows of a model to begin with, and what a plan takes over from it. */
export function startModelCard(project: Project, start: PlannedStart): StartModelCard {
  const { reference, shape, tokenizer } = start;
  const own = listTokenizerRows(project.store).find(({ hash }) => hash === tokenizer.hash);
  return {
    reference,
    configuration: startConfiguration(start),
    parameters: countParameters(shape),
    layerCount: countLayers(parametersOf(shape)),
    contextLength: shape.contextLength,
    adjustable: adjustableSettings(shape).map((setting) => `model.${setting}`),
    tokenizer: {
      vocabularySize: tokenizer.vocabularySize,
      ...(own === undefined ? {} : { name: own.name }),
    },
  };
}
