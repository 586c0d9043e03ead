import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import { openTrainingState } from '../checkpoints/training-state.ts';
import { runStateSchema, type RunState } from './run-state.ts';

const savedSchema = z.object({ regular: z.boolean(), run: runStateSchema });

/** What a checkpoint says of its run: the state, and whether it was due rather than written because the run was left. */
export interface SavedRunState {
  readonly regular: boolean;
  readonly run: RunState;
}

/** @throws LoamError when it is not what `RunCheckpoints` saves */
export function parseSavedRunState(state: unknown, folder: string): SavedRunState {
  const parsed = savedSchema.safeParse(state);
  if (parsed.success) return parsed.data;
  throw new LoamError({
    kind: 'input',
    where: folder,
    what: `The saved state of the training run is damaged: ${z.prettifyError(parsed.error)}`,
    remedy: 'Resume from another checkpoint.',
  });
}

/** The state in a checkpoint's folder, or undefined where none can be read. */
export async function readSavedRunState(folder: string): Promise<SavedRunState | undefined> {
  try {
    const training = await openTrainingState(folder);
    await training.close();
    return parseSavedRunState(training.state, folder);
  } catch (error) {
    if (error instanceof LoamError) return undefined;
    throw error;
  }
}
