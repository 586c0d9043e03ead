import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelCard } from '../../../shared/checkpoints/checkpoint.ts';
import type { GptShape } from '../../../shared/models/gpt-configuration.ts';
import { openModelFolder } from '../../llm/checkpoints/model-folder.ts';
import { hasChatTemplate } from '../../llm/generation/chat-template.ts';
import { gptParameters } from '../../llm/models/gpt/parameters.ts';
import { provenanceOf } from '../evaluations/known-text.ts';
import type { FoundCheckpoint } from './checkpoints.ts';

type Part = ModelCard['parts'][number]['part'];

/** Opens a model and says what it is. @throws LoamError when its folder is gone, damaged or of an unknown kind. */
export async function describeModel(checkpoint: FoundCheckpoint): Promise<ModelCard> {
  const { folder, label } = checkpoint;
  const model = await openModelFolder(folder);
  try {
    const { shape, tokenizer } = model;
    const provenance = await provenanceOf(checkpoint);
    const parts = countByPart(shape);
    const { style, vocabularySize, contextLength, hiddenSize, layers, heads } = shape;
    const { keyValueHeads, headSize, intermediateSize, tiedEmbeddings } = shape;
    return {
      reference: label,
      folder,
      shape: {
        style,
        vocabularySize,
        contextLength,
        hiddenSize,
        layers,
        heads,
        keyValueHeads,
        headSize,
        intermediateSize,
        tiedEmbeddings,
      },
      parameters: parts.reduce((sum, { parameters }) => sum + parameters, 0),
      parts,
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
export function countByPart(shape: GptShape): ModelCard['parts'] {
  const counts = new Map<Part, number>();
  for (const { name, shape: extents } of gptParameters(shape)) {
    const part = partOf(name);
    const size = extents.reduce((product, extent) => product * extent, 1);
    counts.set(part, (counts.get(part) ?? 0) + size);
  }
  return [...counts].map(([part, parameters]) => ({ part, parameters }));
}

/** By Hugging Face's names, which say it. */
function partOf(name: string): Part {
  if (/(^|\.)(wte|wpe|embed_tokens)\./.test(name)) return 'embedding';
  if (name.startsWith('lm_head.')) return 'output';
  if (/norm|\.ln_/.test(name)) return 'normalization';
  return /\.mlp\./.test(name) ? 'feedForward' : 'attention';
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
