import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadChatTemplate } from '../../../src/main/llm/generation/chat-template.ts';
import { loadTokenizer } from '../../../src/main/llm/tokenizers/load.ts';

const fixtures = new URL('../../fixtures/chat-templates/', import.meta.url).pathname;

const casesSchema = z.object({
  endOfReply: z.array(z.int()),
  cases: z.record(
    z.string(),
    z.object({
      messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
      text: z.string(),
      ids: z.array(z.int()),
    }),
  ),
});

async function load(manner: string) {
  const folder = join(fixtures, manner);
  const template = await loadChatTemplate(folder, await loadTokenizer(folder));
  if (template === undefined) throw new Error('There is a template.');
  return template;
}

describe.each(['marked', 'headed', 'bracketed'])('a template of the %s manner', (manner) => {
  it('renders conversations as transformers does, as text and as tokens', async () => {
    const template = await load(manner);
    const { cases } = casesSchema.parse(
      JSON.parse(await readFile(join(fixtures, manner, 'cases.json'), 'utf8')),
    );
    for (const [name, { messages, text, ids }] of Object.entries(cases)) {
      expect(template.render(messages), name).toBe(text);
      expect(template.encode(messages), name).toEqual(ids);
    }
  });

  it('knows the tokens that end a reply', async () => {
    const { endOfReply } = casesSchema.parse(
      JSON.parse(await readFile(join(fixtures, manner, 'cases.json'), 'utf8')),
    );
    expect(new Set((await load(manner)).endOfReply)).toEqual(new Set(endOfReply));
  });
});

describe('a template that refuses', () => {
  it('says why, as its author wrote it', async () => {
    const template = await load('bracketed');
    expect(() => template.render([{ role: 'assistant', content: 'Me first.' }])).toThrow(
      'Roles must alternate',
    );
  });
});

describe('a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loam-template-'));
    const json = await readFile(join(fixtures, 'marked', 'tokenizer.json'));
    await writeFile(join(folder, 'tokenizer.json'), json);
    await writeFile(join(folder, 'tokenizer_config.json'), '{"eos_token": "<|end|>"}');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const loadHere = async () => loadChatTemplate(folder, await loadTokenizer(folder));

  it('without a template belongs to a model that continues texts', async () => {
    expect(await loadHere()).toBeUndefined();
  });

  it('with several templates means the default one', async () => {
    const template = [
      { name: 'tools', template: 'tools' },
      { name: 'default', template: 'default' },
    ];
    await writeFile(
      join(folder, 'tokenizer_config.json'),
      JSON.stringify({ eos_token: { content: '<|end|>' }, chat_template: template }),
    );
    expect((await loadHere())?.render([])).toBe('default');
  });

  it('with a broken template is said so', async () => {
    await writeFile(join(folder, 'chat_template.jinja'), '{% for %}');
    await expect(loadHere()).rejects.toThrow('chat template cannot be used');
  });
});
