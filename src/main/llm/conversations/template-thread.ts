import { parentPort, workerData } from 'node:worker_threads';
import { Template } from '@huggingface/jinja';

/**
 * The thread in which a chat template is rendered: a template is a program that somebody else wrote, and a thread can be
 * ended and has memory of its own. The desktop application's build makes a bundle of this module, so that its own address is
 * what the thread begins with. It loads nothing but the templates' language, since each rendering of a chat gets a thread.
 */
export const templateThread = new URL(import.meta.url);

/** What a thread is to render. */
export interface Rendering {
  readonly work: 'chat template';
  readonly source: string;
  /** What each rendering is given; the outcomes are posted one by one, in this order. */
  readonly contexts: readonly Readonly<Record<string, unknown>>[];
}

/** What came of it. */
export type Rendered =
  | { readonly outcome: 'rendered'; readonly text: string }
  /** The source is no template. */
  | { readonly outcome: 'unreadable'; readonly reason: string }
  /** The template refuses the messages, or does what cannot be done. */
  | { readonly outcome: 'refused'; readonly reason: string };

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function* renderAll({ source, contexts }: Rendering): Generator<Rendered> {
  let template: Template;
  try {
    template = new Template(source);
  } catch (error) {
    for (const _ of contexts) yield { outcome: 'unreadable', reason: reasonOf(error) };
    return;
  }
  for (const context of contexts) yield render(template, context);
}

function render(template: Template, context: Readonly<Record<string, unknown>>): Rendered {
  try {
    return { outcome: 'rendered', text: template.render({ ...context }) };
  } catch (error) {
    return { outcome: 'refused', reason: reasonOf(error) };
  }
}

/** Other threads load this module too, for its address. */
function isRendering(work: unknown): work is Rendering {
  return typeof work === 'object' && work !== null && 'work' in work && work.work === 'chat template';
}

const asked: unknown = workerData;
if (isRendering(asked)) for (const rendered of renderAll(asked)) parentPort?.postMessage(rendered, []);
