import nodePath, { join } from 'node:path';

/** Where a project keeps what, below its folder. */
export interface ProjectPaths {
  readonly store: string;
  readonly log: string;
  /** A source file's bytes, by content hash. */
  source(hash: string): string;
  tokenizer(name: string): string;
  /** The index of a dataset's documents, by the hash of what went into it. */
  documentIndex(key: string): string;
  /** Files of an import that is under way. */
  readonly staging: string;
  /** A dataset encoded with a tokenizer, by the hash of what went into it. */
  tokens(hash: string): string;
  run(name: string): string;
  runLock(name: string): string;
  readonly exports: string;
  /** A model folder that was imported. */
  model(name: string): string;
  /** Files that came from a browser and wait to be imported. */
  readonly uploads: string;
}

export function projectPaths(folder: string): ProjectPaths {
  return {
    store: join(folder, 'loam.sqlite'),
    log: join(folder, 'logs', 'loam.jsonl'),
    source: (hash) => join(folder, 'sources', hash),
    tokenizer: (name) => join(folder, 'tokenizers', name),
    documentIndex: (key) => join(folder, 'documents', `${key}.sqlite`),
    staging: join(folder, 'staging'),
    tokens: (hash) => join(folder, 'tokens', hash),
    run: (name) => join(folder, 'runs', name),
    runLock: (name) => join(folder, 'locks', `run-${name}.lock`),
    exports: join(folder, 'exports'),
    model: (name) => join(folder, 'models', name),
    uploads: join(folder, 'uploads'),
  };
}

/**
 * A path as a project's store keeps it: from the project's folder, with forward slashes on every system, so that a project
 * can be moved to another place and to another system.
 * @param system the path rules of the system; another one's only to test them.
 */
export function toStoredPath(
  folder: string,
  path: string,
  system: Pick<typeof nodePath, 'relative' | 'sep'> = nodePath,
): string {
  return system.relative(folder, path).replaceAll(system.sep, '/');
}

/** The path that a stored one means; what lies on another drive of Windows was stored whole. */
export function fromStoredPath(
  folder: string,
  stored: string,
  system: Pick<typeof nodePath, 'resolve'> = nodePath,
): string {
  return system.resolve(folder, stored);
}
