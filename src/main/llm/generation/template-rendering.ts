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
 * Renders a template in a thread of its own, under limits of time and memory: whatever it does, the process with the loaded
 * model goes on.
 */
export function renderTemplate(
  source: string,
  context: Readonly<Record<string, unknown>>,
  { seconds, megabytes }: RenderingLimits,
): Promise<RenderingOutcome> {
  const rendering: Rendering = { work: 'chat template', source, context };
  const thread = new Worker(templateThread, {
    workerData: rendering,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    resourceLimits: { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: 16 },
  });
  return new Promise<RenderingOutcome>((resolve, reject) => {
    let limit: NodeJS.Timeout | undefined;
    const end = (): void => {
      clearTimeout(limit);
      void thread.terminate();
    };
    thread.once('online', () => {
      limit = setTimeout(() => {
        resolve({ outcome: 'endless' });
        end();
      }, seconds * 1000);
    });
    thread.once('message', (rendered: Rendered) => {
      resolve(rendered);
      end();
    });
    thread.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve({ outcome: 'boundless' });
      else reject(error);
      end();
    });
    thread.once('exit', (code) => {
      clearTimeout(limit);
      reject(new Error(`The thread that renders a chat template ended with ${code} and no answer.`));
    });
  });
}
