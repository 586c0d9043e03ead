import { assertNever, LoamError } from '../../../shared/errors.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { ModelTask } from './architecture.ts';
import { architectureOf } from './registry.ts';

/** What a model can be used for. */
export function tasksOf(shape: ModelShape): readonly ModelTask[] {
  return architectureOf(shape).tasks(shape);
}

/** @throws LoamError of kind 'input' that says what the model cannot do, and what it can. */
export function requireTask(shape: ModelShape, task: ModelTask): void {
  const tasks = tasksOf(shape);
  if (tasks.includes(task)) return;
  throw new LoamError({
    kind: 'input',
    what: `This model cannot ${inWords(task)}.`,
    remedy:
      tasks.length === 0
        ? 'Choose another model.'
        : `It can ${tasks.map(inWords).join(' and ')}. Choose a model that was made for what you want.`,
  });
}

/** What comes after "can". */
function inWords(task: ModelTask): string {
  switch (task) {
    case 'generate':
      return 'write text';
    case 'fillMasks':
      return 'fill gaps in a text';
    case 'classify':
      return 'classify texts';
    case 'embed':
      return 'turn texts into vectors';
    case 'translate':
      return 'turn one text into another';
    default:
      return assertNever(task);
  }
}
