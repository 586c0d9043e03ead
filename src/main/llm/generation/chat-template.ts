import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Template } from '@huggingface/jinja';
import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import { longestChatTemplate } from '../../../shared/models/limits.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import { TimeLimitError, withinTime } from './time-limit.ts';

/** One message of a conversation, as chat templates know it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** How a model wants conversations written, as its folder says (Hugging Face's chat templates, in Jinja). */
export interface ChatTemplate {
  /**
   * The text that a model goes on from to give its next reply.
   * @throws LoamError when the template refuses the messages: two of the same role in a row, a system message
   */
  render(messages: readonly ChatMessage[]): string;
  /** The same as tokens: special tokens that the template spells out become what they stand for. */
  encode(messages: readonly ChatMessage[]): readonly number[];
  /** The tokens with which a reply ends. */
  readonly endOfReply: readonly number[];
}

const tokenSchema = z.union([
  z.string(),
  z.object({ content: z.string() }).transform(({ content }) => content),
]);

const configSchema = z.object({
  chat_template: z
    .union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))])
    .nullish(),
  bos_token: tokenSchema.nullish(),
  eos_token: tokenSchema.nullish(),
  unk_token: tokenSchema.nullish(),
  pad_token: tokenSchema.nullish(),
});

/** Milliseconds that a template may take for a conversation; published ones take a few. */
const longestRendering = 5000;

const addedTokensSchema = z.object({
  added_tokens: z.array(z.object({ id: z.int(), content: z.string().min(1) })).default([]),
});

/**
 * The chat template of a model folder: in tokenizer_config.json, or in chat_template.jinja beside it, which comes first.
 * @returns undefined when the model has none: it continues texts
 * @throws LoamError when there is one that cannot be read
 */
export async function loadChatTemplate(
  folder: string,
  tokenizer: Tokenizer,
): Promise<ChatTemplate | undefined> {
  const found = await readTemplate(folder);
  if (found === undefined) return undefined;
  const { source, config } = found;
  if (source.length > longestChatTemplate)
    throw brokenTemplate(
      folder,
      new Error(`it has ${source.length} characters, far more than templates have.`),
    );
  let template: Template;
  try {
    template = new Template(source);
  } catch (error) {
    throw brokenTemplate(folder, error);
  }
  const { bos_token, eos_token, unk_token, pad_token } = config;
  const names = { bos_token, eos_token, unk_token, pad_token };
  // A template may ask for a token that the model lacks; transformers leaves it out of the context too.
  const context = Object.fromEntries(Object.entries(names).filter(([, token]) => typeof token === 'string'));
  const added = addedTokens(tokenizer);

  const renderWith = (messages: readonly ChatMessage[], generationPrompt: boolean): string => {
    try {
      let text = '';
      withinTime(() => {
        text = template.render({ ...context, messages, add_generation_prompt: generationPrompt });
      }, longestRendering);
      return text;
    } catch (error) {
      throw error instanceof TimeLimitError ? endlessTemplate(folder, error) : brokenTemplate(folder, error);
    }
  };
  const render = (messages: readonly ChatMessage[]): string => {
    const [first, ...others] = messages;
    if (first?.role !== 'system') return renderWith(messages, true);
    try {
      const text = renderWith(messages, true);
      // Some templates refuse it, others leave it out without a word.
      if (text.includes(first.content.trim())) return text;
    } catch (error) {
      // What the template refuses without it too is not about the system prompt.
      renderWith(others, true);
      throw noSystemPrompt(folder, error);
    }
    throw noSystemPrompt(folder);
  };
  return {
    render,
    encode: (messages) => encodeWithAddedTokens(render(messages), tokenizer, added),
    endOfReply: endOfReply(renderWith, added, eos_token ?? undefined),
  };
}

/**
 * Whether a model folder has a chat template. A template is a program that somebody else wrote, so this only looks whether
 * there is one; it runs in the process in which the model writes.
 */
export async function hasChatTemplate(folder: string): Promise<boolean> {
  return (await readTemplate(folder).catch(() => undefined)) !== undefined;
}

async function readTemplate(
  folder: string,
): Promise<{ readonly source: string; readonly config: z.output<typeof configSchema> } | undefined> {
  const file = join(folder, 'tokenizer_config.json');
  const text = await readIfThere(file);
  const config = configSchema.safeParse(text === undefined ? {} : parseJson(text, file));
  if (!config.success) return undefined;
  const source = (await readIfThere(join(folder, 'chat_template.jinja'))) ?? templateOf(config.data);
  return source === undefined ? undefined : { source, config: config.data };
}

function templateOf({ chat_template: template }: z.output<typeof configSchema>): string | undefined {
  if (typeof template === 'string') return template;
  return (template?.find(({ name }) => name === 'default') ?? template?.[0])?.template;
}

/** The tokens that stand for a text of their own wherever it occurs, longest first, so that none hides in another. */
function addedTokens(tokenizer: Tokenizer): readonly (readonly [text: string, id: number])[] {
  const { added_tokens: tokens } = addedTokensSchema.parse(JSON.parse(tokenizer.toJson()));
  return tokens
    .map(({ content, id }): readonly [string, number] => [content, id])
    .toSorted(([a], [b]) => b.length - a.length);
}

/** Tokens of a text in which added tokens are meant when they are spelled out, as transformers reads a rendered template. */
export function encodeWithAddedTokens(
  text: string,
  tokenizer: Tokenizer,
  added: readonly (readonly [text: string, id: number])[],
): readonly number[] {
  const ids: number[] = [];
  const known = new Map(added);
  const border = new RegExp(
    `(${added.map(([content]) => content.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)).join('|')})`,
    'u',
  );
  for (const piece of added.length === 0 ? [text] : text.split(border)) {
    const id = known.get(piece);
    if (id !== undefined) ids.push(id);
    else if (piece !== '') ids.push(...tokenizer.encode(piece));
  }
  return ids;
}

/**
 * What ends a reply: the tokenizer's end token, and the first added token that the template itself writes after a reply. The
 * latter is asked of the template, since configurations often leave it out.
 */
function endOfReply(
  render: (messages: readonly ChatMessage[], generationPrompt: boolean) => string,
  added: readonly (readonly [text: string, id: number])[],
  endToken: string | undefined,
): readonly number[] {
  const reply = 'a-reply-to-find-again';
  const ids = new Set(added.filter(([content]) => content === endToken).map(([, id]) => id));
  try {
    const text = render(
      [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: reply },
      ],
      false,
    );
    const after = text.slice(text.indexOf(reply) + reply.length);
    const first = added
      .map(([content, id]) => ({ place: after.indexOf(content), id }))
      .filter(({ place }) => place >= 0)
      .toSorted((a, b) => a.place - b.place)[0];
    if (first !== undefined) ids.add(first.id);
  } catch (error) {
    // A template that refuses this conversation may take the real one; the tokenizer's end token must do.
    if (!(error instanceof LoamError)) throw error;
  }
  return [...ids];
}

function brokenTemplate(folder: string, error: unknown): LoamError {
  return new LoamError(
    {
      kind: 'input',
      where: folder,
      what: `The model’s chat template cannot be used here: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Let the model continue a text instead of chatting, or repair its tokenizer_config.json.',
    },
    { cause: error },
  );
}

function endlessTemplate(folder: string, cause: TimeLimitError): LoamError {
  return new LoamError(
    {
      kind: 'input',
      where: folder,
      what: `The model’s chat template did not come to an end: it was stopped after ${longestRendering / 1000} seconds.`,
      remedy: 'Let the model continue a text instead of chatting, or repair its template.',
    },
    { cause },
  );
}

function noSystemPrompt(folder: string, cause?: unknown): LoamError {
  return new LoamError(
    {
      kind: 'input',
      where: folder,
      what: 'This model takes no system prompt: its chat template has no place for one.',
      remedy: 'Leave the system prompt empty, and say in the first message what the model should know.',
    },
    { cause },
  );
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LoamError(
      {
        kind: 'input',
        where: file,
        what: `It is not valid JSON (${error instanceof Error ? error.message : String(error)}).`,
        remedy: 'Repair or remove it.',
      },
      { cause: error },
    );
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
