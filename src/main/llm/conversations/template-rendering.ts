import { Worker } from 'node:worker_threads';
import { templateThread, type Rendered, type Rendering } from './template-thread.ts';

/** What a template may take for a conversation. */
export interface RenderingLimits {
  readonly seconds: number;
  /** Of memory. */
  readonly megabytes: number;
}

/** Published templates take some milliseconds and less than a megabyte. */
export const renderingLimits: RenderingLimits = { seconds: 5, megabytes: 128 };

/** What came of rendering a template, which may also have taken too long or too much. */
export type RenderingOutcome = Rendered | { readonly outcome: 'endless' } | { readonly outcome: 'boundless' };

/**
 * Renders a template for conversations in a thread of its own, under limits of time and memory: whatever it does, the process
 * with the loaded model goes on. The time counts for each; once one has not come to an end, neither it nor those behind it are
 * rendered.
 * @returns an outcome for each context, in their order
 */
export function renderTemplates(
  source: string,
  contexts: readonly Readonly<Record<string, unknown>>[],
  { seconds, megabytes }: RenderingLimits,
): Promise<readonly RenderingOutcome[]> {
  if (contexts.length === 0) return Promise.resolve([]);
  const rendering: Rendering = { work: 'chat template', source, contexts };
  const thread = new Worker(templateThread, {
    workerData: rendering,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    resourceLimits: { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: 16 },
  });
  return new Promise<readonly RenderingOutcome[]>((resolve, reject) => {
    const outcomes: RenderingOutcome[] = [];
    let limit: NodeJS.Timeout | undefined;
    const end = (): void => {
      clearTimeout(limit);
      void thread.terminate();
    };
    const giveUp = (outcome: 'endless' | 'boundless'): void => {
      resolve([...outcomes, ...Array.from(contexts.slice(outcomes.length), () => ({ outcome }))]);
      end();
    };
    const restart = (): void => {
      clearTimeout(limit);
      limit = setTimeout(() => giveUp('endless'), seconds * 1000);
    };
    thread.once('online', restart);
    thread.on('message', (rendered: Rendered) => {
      outcomes.push(rendered);
      if (outcomes.length < contexts.length) restart();
      else {
        resolve(outcomes);
        end();
      }
    });
    thread.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') giveUp('boundless');
      else {
        reject(error);
        end();
      }
    });
    thread.once('exit', (code) => {
      clearTimeout(limit);
      reject(new Error(`The thread that renders a chat template ended with ${code} and no answer.`));
    });
  });
}
