import type { Tokenizer } from '../../llm/tokenizers/tokenizer.ts';
import type { Project } from '../projects/projects.ts';
import { openTokenizer, requireTokenizer } from './tokenizers.ts';

/** How many tokenizers of a project stay loaded: two that are compared, and those looked at before. */
const kept = 4;

const loaded = new WeakMap<Project, Map<string, Promise<Tokenizer>>>();

/**
 * A tokenizer of the project for questions that come often; the last few stay in memory.
 * @throws LoamError when there is none of this name, or its file is not the one that was kept.
 */
export async function loadedTokenizer(project: Project, name: string): Promise<Tokenizer> {
  const { hash } = requireTokenizer(project, name);
  const key = `${name} ${hash}`;
  const tokenizers = loaded.get(project) ?? new Map<string, Promise<Tokenizer>>();
  loaded.set(project, tokenizers);
  const known = tokenizers.get(key);
  tokenizers.delete(key);
  const tokenizer = known ?? openTokenizer(project, name);
  tokenizers.set(key, tokenizer);
  const [oldest] = tokenizers.keys();
  if (tokenizers.size > kept && oldest !== undefined) tokenizers.delete(oldest);
  try {
    return await tokenizer;
  } catch (error) {
    tokenizers.delete(key);
    throw error;
  }
}
