import { join } from 'node:path';

/** Where a project keeps what, below its folder. */
export interface ProjectPaths {
  readonly store: string;
  readonly log: string;
  /** A source file's bytes, by content hash. */
  source(hash: string): string;
  tokenizer(name: string): string;
  /** A dataset encoded with a tokenizer, by the hash of what went into it. */
  tokens(hash: string): string;
  run(name: string): string;
  runLock(name: string): string;
  readonly exports: string;
}

export function projectPaths(folder: string): ProjectPaths {
  return {
    store: join(folder, 'loam.sqlite'),
    log: join(folder, 'logs', 'loam.jsonl'),
    source: (hash) => join(folder, 'sources', hash),
    tokenizer: (name) => join(folder, 'tokenizers', name),
    tokens: (hash) => join(folder, 'tokens', hash),
    run: (name) => join(folder, 'runs', name),
    runLock: (name) => join(folder, 'locks', `run-${name}.lock`),
    exports: join(folder, 'exports'),
  };
}
