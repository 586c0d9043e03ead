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

describe('a system prompt', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loam-template-'));
    await writeFile(
      join(folder, 'tokenizer.json'),
      await readFile(join(fixtures, 'marked', 'tokenizer.json')),
    );
    await writeFile(join(folder, 'tokenizer_config.json'), '{"eos_token": "<|end|>"}');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const templateOf = async (source: string) => {
    await writeFile(join(folder, 'chat_template.jinja'), source);
    const template = await loadChatTemplate(folder, await loadTokenizer(folder));
    if (template === undefined) throw new Error('There is a template.');
    return template;
  };
  const messages = [
    { role: 'system', content: ' Be brief.\n' },
    { role: 'user', content: 'Hello' },
  ] as const;
  const [, question] = messages;

  it('is refused in words by a template without a place for one, whether it refuses or leaves it out', async () => {
    for (const source of [
      "{% for m in messages %}{% if m.role == 'user' %}{{ m.content }}{% endif %}{% endfor %}",
      "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}{{ m.content }}{% endfor %}",
    ]) {
      const template = await templateOf(source);
      expect(() => template.render(messages)).toThrow(
        /takes no system prompt.*Leave the system prompt empty/s,
      );
      expect(template.render([question])).toBe('Hello');
    }
  });

  it('may be trimmed by a template', async () => {
    const template = await templateOf('{% for m in messages %}{{ m.content | trim }};{% endfor %}');
    expect(template.render(messages)).toBe('Be brief.;Hello;');
  });

  it('is not blamed for what a template refuses anyway', async () => {
    const template = await templateOf("{{ raise_exception('Never.') }}");
    expect(() => template.render(messages)).toThrow('Never.');
  });
});

describe('a template without an end', () => {
  it('is stopped with a sentence', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loam-template-'));
    try {
      await writeFile(
        join(folder, 'tokenizer.json'),
        await readFile(join(fixtures, 'marked', 'tokenizer.json')),
      );
      await writeFile(join(folder, 'tokenizer_config.json'), '{"eos_token": "<|end|>"}');
      const loops = Array.from({ length: 9 }, (_, depth) => `{% for a${depth} in range(200) %}`).join('');
      const source = `{% if messages[0].content == 'Loop' %}${loops}${'{% endfor %}'.repeat(9)}{% endif %}`;
      await writeFile(join(folder, 'chat_template.jinja'), source);
      const template = await loadChatTemplate(folder, await loadTokenizer(folder));
      expect(() => template?.render([{ role: 'user', content: 'Loop' }])).toThrow(/did not come to an end/);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 20_000);
});
