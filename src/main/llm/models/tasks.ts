import { LoamError } from '../../../shared/errors.ts';
import type { ModelSettings } from '../../../shared/models/model-settings.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { cannotDo, type ModelTask } from '../../../shared/models/model-task.ts';
import { modelDeclarationOf } from '../../../shared/models/registry.ts';

/** What a model can be used for. */
export function tasksOf(model: ModelShape | ModelSettings): readonly ModelTask[] {
  return modelDeclarationOf(model).tasks(model);
}

/**
 * @param where the model's folder, or the setting that says what it is, for the message
 * @throws LoamError of kind 'input' that says what the model cannot do, and what it can
 */
export function requireTask(model: ModelShape | ModelSettings, task: ModelTask, where?: string): void {
  const tasks = tasksOf(model);
  if (tasks.includes(task)) return;
  throw new LoamError({
    kind: 'input',
    ...(where === undefined ? {} : { where }),
    what: cannotDo(task, tasks),
    remedy: 'Choose a model that was made for what you want.',
  });
}
