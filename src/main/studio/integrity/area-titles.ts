import type { VerifiedArea } from '../../../shared/integrity/verification.ts';

/** The parts of a project as they are named while they are read. */
export const areaTitles: Readonly<Record<VerifiedArea, string>> = {
  store: 'the store',
  sources: 'sources',
  tokenizers: 'tokenizers',
  indexes: 'indexes of documents',
  tokens: 'tokens',
  models: 'imported models',
  runs: 'runs and checkpoints',
  exports: 'exports',
  backups: 'backups',
};
