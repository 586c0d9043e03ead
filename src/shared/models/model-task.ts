import { assertNever } from '../errors.ts';

/** What a model can be used for. */
export const modelTasks = ['generate', 'fillMasks', 'classify', 'embed', 'translate'] as const;
export type ModelTask = (typeof modelTasks)[number];

/** What comes after "can": "write text". */
export function taskInWords(task: ModelTask): string {
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

/** What a model cannot do that is asked of it, and what it can, as a sentence. */
export function cannotDo(task: ModelTask, tasks: readonly ModelTask[]): string {
  const can = tasks.length === 0 ? '' : ` It can ${tasks.map(taskInWords).join(' and ')}.`;
  return `This model cannot ${taskInWords(task)}.${can}`;
}
