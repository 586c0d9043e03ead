import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelCard } from '../../../shared/checkpoints/checkpoint.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { openModelFolder } from '../../llm/checkpoints/model-folder.ts';
import { hasChatTemplate } from '../../llm/conversations/chat-template.ts';
import { parameterParts } from '../../llm/models/parameter.ts';
import { architectureOf } from '../../llm/models/registry.ts';
import { tasksOf } from '../../llm/models/tasks.ts';
import { provenanceOf } from './checkpoint-provenance.ts';
import type { FoundCheckpoint } from './find-checkpoint.ts';

/** Opens a model and says what it is. @throws LoamError when its folder is gone, damaged or of an unknown kind. */
export async function describeModel(checkpoint: FoundCheckpoint): Promise<ModelCard> {
  const { folder, label } = checkpoint;
  const model = await openModelFolder(folder);
  try {
    const { shape, tokenizer } = model;
    const provenance = await provenanceOf(checkpoint);
    const parts = countByPart(shape);
    return {
      reference: label,
      folder,
      tasks: [...tasksOf(shape)],
      facts: [...architectureOf(shape).facts(shape)],
      parameters: parts.reduce((sum, { parameters }) => sum + parameters, 0),
      parts,
      notes: [...model.notes],
      chat: await hasChatTemplate(folder),
      tokenizer: { kind: tokenizer.kind, hash: tokenizer.hash },
      files: await listFiles(folder),
      ...(provenance === undefined ? {} : { provenance }),
    };
  } finally {
    await model.close();
  }
}

/** A model's parameters by what they are for. Tied output weights count as the embedding that they are. */
export function countByPart(shape: ModelShape): ModelCard['parts'] {
  const counts = architectureOf(shape).countParameters(shape);
  return parameterParts
    .filter((part) => counts[part] > 0)
    .map((part) => ({ part, parameters: counts[part] }));
}

async function listFiles(folder: string): Promise<ModelCard['files']> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      const { size } = await stat(path);
      return { name: path.slice(folder.length + 1).replaceAll('\\', '/'), bytes: size };
    });
  return (await Promise.all(files)).toSorted((a, b) => a.name.localeCompare(b.name));
}
