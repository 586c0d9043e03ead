import { join } from 'node:path';

/** Where a run keeps the model or the checkpoint that it begins with, in its own folder. */
export const startFolder = (runFolder: string): string => join(runFolder, 'start');
