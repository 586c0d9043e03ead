import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { assertNever, LoamError, type ErrorAccount } from '../../../shared/errors.ts';
import { longestChatTemplate } from '../../../shared/models/limits.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import type { ChatMessage } from './chat-message.ts';
import { markConversations, type MarkedConversation, type RenderAll } from './mark-tokens.ts';
import {
  renderTemplates,
  renderingLimits,
  type RenderingLimits,
  type RenderingOutcome,
} from './template-rendering.ts';

/** How a model wants conversations written, as its folder says (Hugging Face's chat templates, in Jinja). */
export interface ChatTemplate {
  /** A hash of all that decides what it writes. */
  readonly identity: string;
  /**
   * The text that a model goes on from to give its next reply.
   * @throws LoamError when the template refuses the messages: two of the same role in a row, a system message
   */
  render(messages: readonly ChatMessage[]): Promise<string>;
  /** The same as tokens: special tokens that the template spells out become what they stand for. */
  encode(messages: readonly ChatMessage[]): Promise<readonly number[]>;
  /** The tokens with which a reply ends. */
  readonly endOfReply: readonly number[];
  /**
   * Conversations as they are learned from: the very tokens that `encode` gives before each reply, and then the reply's with the
   * token that ends it, which alone are trained.
   * @returns for each conversation its tokens, or why the template gives none
   */
  markTokens(
    conversations: readonly (readonly ChatMessage[])[],
  ): Promise<readonly (MarkedConversation | LoamError)[]>;
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
  limits = renderingLimits,
): Promise<ChatTemplate | undefined> {
  const found = await readTemplate(folder);
  if (found === undefined) return undefined;
  const { source, config } = found;
  if (source.length > longestChatTemplate)
    throw brokenTemplate(folder, `it has ${source.length} characters, far more than templates have.`);
  const { bos_token, eos_token, unk_token, pad_token } = config;
  const names = { bos_token, eos_token, unk_token, pad_token };
  // A template may ask for a token that the model lacks; transformers leaves it out of the context too.
  const context = Object.fromEntries(Object.entries(names).filter(([, token]) => typeof token === 'string'));
  const added = addedTokens(tokenizer);

  const renderAll: RenderAll = async (asked) => {
    const contexts = asked.map(({ messages, generationPrompt }) => ({
      ...context,
      messages,
      add_generation_prompt: generationPrompt,
    }));
    const outcomes = await renderTemplates(source, contexts, limits);
    return outcomes.map((outcome) => textOf(folder, outcome, limits));
  };
  const renderWith: Render = async (messages, generationPrompt) => {
    const [text] = await renderAll([{ messages, generationPrompt }]);
    if (text instanceof LoamError) throw text;
    return text!;
  };
  const render = async (messages: readonly ChatMessage[]): Promise<string> => {
    const [first, ...others] = messages;
    if (first?.role !== 'system') return renderWith(messages, true);
    let text: string;
    try {
      text = await renderWith(messages, true);
    } catch (error) {
      if (!(error instanceof RefusedMessages)) throw error;
      // What the template refuses without it too is not about the system prompt.
      await renderWith(others, true);
      throw noSystemPrompt(folder, error);
    }
    // Some templates refuse it, others leave it out without a word.
    if (text.includes(first.content.trim())) return text;
    throw noSystemPrompt(folder);
  };
  const encode = (text: string): readonly number[] => encodeWithAddedTokens(text, tokenizer, added);
  const endings = await endOfReply(renderWith, added, eos_token ?? undefined);
  const endTexts = added.filter(([, id]) => endings.includes(id)).map(([text]) => text);
  return {
    identity: createHash('sha256')
      .update(JSON.stringify([source, context]))
      .digest('hex'),
    render,
    encode: async (messages) => encode(await render(messages)),
    endOfReply: endings,
    markTokens: (conversations) => markConversations(conversations, { renderAll, encode, endings: endTexts }),
  };
}

/** The text of a rendering, or why there is none. */
function textOf(folder: string, rendering: RenderingOutcome, limits: RenderingLimits): string | LoamError {
  switch (rendering.outcome) {
    case 'rendered':
      return rendering.text;
    case 'refused':
      return new RefusedMessages(folder, rendering.reason);
    case 'unreadable':
      return brokenTemplate(folder, rendering.reason);
    case 'endless':
      return brokenTemplate(
        folder,
        `it did not come to an end and was stopped after ${limits.seconds} seconds.`,
      );
    case 'boundless':
      return brokenTemplate(
        folder,
        `it was stopped when it took more than ${limits.megabytes} MB of memory.`,
      );
    default:
      return assertNever(rendering);
  }
}

type Render = (messages: readonly ChatMessage[], generationPrompt: boolean) => Promise<string>;

/**
 * Whether a model folder has a chat template. This only looks whether there is one; whether it can be used is told where
 * the model is chatted with.
 */
export async function hasChatTemplate(folder: string): Promise<boolean> {
  try {
    return (await readTemplate(folder)) !== undefined;
  } catch (error) {
    if (error instanceof LoamError) return true;
    throw error;
  }
}

async function readTemplate(
  folder: string,
): Promise<{ readonly source: string; readonly config: z.output<typeof configSchema> } | undefined> {
  const file = join(folder, 'tokenizer_config.json');
  const text = await readIfThere(file);
  const config = configSchema.safeParse(text === undefined ? {} : parseJson(text, file));
  if (!config.success)
    throw brokenTemplate(
      folder,
      'tokenizer_config.json has it, or a token that it uses, in an unknown form.',
    );
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
async function endOfReply(
  render: Render,
  added: readonly (readonly [text: string, id: number])[],
  endToken: string | undefined,
): Promise<readonly number[]> {
  const reply = 'a-reply-to-find-again';
  const ids = new Set(added.filter(([content]) => content === endToken).map(([, id]) => id));
  try {
    const text = await render(
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
    if (!(error instanceof RefusedMessages)) throw error;
  }
  return [...ids];
}

/** A template refuses messages; it may take others. */
class RefusedMessages extends LoamError {
  constructor(folder: string, reason: string) {
    super(accountOf(folder, reason));
  }
}

function brokenTemplate(folder: string, reason: string): LoamError {
  return new LoamError(accountOf(folder, reason));
}

function accountOf(folder: string, reason: string): ErrorAccount {
  return {
    kind: 'input',
    where: folder,
    what: `The model’s chat template cannot be used here: ${reason}`,
    remedy: 'Let the model continue a text instead of chatting, or repair its template.',
  };
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
