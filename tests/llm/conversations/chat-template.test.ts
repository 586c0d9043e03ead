import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hasChatTemplate, loadChatTemplate } from '../../../src/main/llm/conversations/chat-template.ts';
import { renderingLimits } from '../../../src/main/llm/conversations/template-rendering.ts';
import { LoamError } from '../../../src/shared/errors.ts';
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

const learnedSchema = z.record(
  z.string(),
  z.object({
    messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
    ids: z.array(z.int()),
    trained: z.array(z.int()),
  }),
);

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
      expect(await template.render(messages), name).toBe(text);
      expect(await template.encode(messages), name).toEqual(ids);
    }
  });

  it('marks as trained what transformers says the assistant wrote, and gives the same tokens', async () => {
    const learned = Object.entries(
      learnedSchema.parse(JSON.parse(await readFile(join(fixtures, manner, 'learned.json'), 'utf8'))),
    );
    const template = await load(manner);
    const marked = await template.markTokens(learned.map(([, { messages }]) => messages));
    for (const [place, [name, { messages, ids, trained }]] of learned.entries()) {
      const mine = marked[place];
      if (mine === undefined || mine instanceof LoamError) throw mine ?? new Error(name);
      expect(mine.ids, name).toEqual(ids);
      expect([...mine.trained], name).toEqual(trained);
      // What is trained on stands behind the very tokens with which a model is asked.
      const asked = await template.encode(messages.slice(0, -1));
      expect(mine.ids.slice(0, asked.length), name).toEqual(asked);
      expect(mine.trained[asked.length], name).toBe(1);
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
    await expect(template.render([{ role: 'assistant', content: 'Me first.' }])).rejects.toThrow(
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

  it('whose template refuses one conversation gives the tokens of the others', async () => {
    await writeFile(
      join(folder, 'chat_template.jinja'),
      "{% for m in messages %}{% if m.content == 'no' %}{{ raise_exception('Not this.') }}{% endif %}{{ m.role + ':' + m.content + '<|end|>' }}{% endfor %}",
    );
    const of = (question: string) => [
      { role: 'user', content: question } as const,
      { role: 'assistant', content: 'Yes.' } as const,
    ];
    const [first, second, third] =
      (await (await loadHere())?.markTokens([of('one'), of('no'), of('two')])) ?? [];
    expect(second).toMatchObject({ message: expect.stringContaining('Not this.') as string });
    for (const each of [first, third]) expect(each).not.toBeInstanceOf(LoamError);
  });

  it('whose template writes a reply otherwise once it is there does not let a guess be trained on', async () => {
    await writeFile(
      join(folder, 'chat_template.jinja'),
      "{{ messages | length }}{% for m in messages %}{{ m.role + ':' + m.content }}{% endfor %}",
    );
    const [marked] =
      (await (
        await loadHere()
      )?.markTokens([
        [
          { role: 'user', content: 'Hello' },
          { role: 'assistant', content: 'Hi' },
        ],
      ])) ?? [];
    expect(marked).toMatchObject({
      message: expect.stringContaining('what of the text is the reply cannot be told') as string,
    });
  });

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
    expect(await (await loadHere())?.render([])).toBe('default');
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
      await expect(template.render(messages)).rejects.toThrow(
        /takes no system prompt.*Leave the system prompt empty/s,
      );
      expect(await template.render([question])).toBe('Hello');
    }
  });

  it('may be trimmed by a template', async () => {
    const template = await templateOf('{% for m in messages %}{{ m.content | trim }};{% endfor %}');
    expect(await template.render(messages)).toBe('Be brief.;Hello;');
  });

  it('is not blamed for what a template refuses anyway', async () => {
    const template = await templateOf("{{ raise_exception('Never.') }}");
    await expect(template.render(messages)).rejects.toThrow('Never.');
  });
});

describe('a template that would take the process with it', () => {
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

  const write = (source: string) => writeFile(join(folder, 'chat_template.jinja'), source);
  const loadHere = async (limits = renderingLimits) =>
    loadChatTemplate(folder, await loadTokenizer(folder), limits);
  const asked = "messages[0].content == 'Burst'";

  it('by running without an end is stopped with a sentence', async () => {
    const loops = Array.from({ length: 9 }, (_, depth) => `{% for a${depth} in range(200) %}`).join('');
    await write(`{% if ${asked} %}${loops}${'{% endfor %}'.repeat(9)}{% endif %}fine`);
    const template = await loadHere({ seconds: 2, megabytes: 128 });
    await expect(template?.render([{ role: 'user', content: 'Burst' }])).rejects.toThrow(
      /did not come to an end/,
    );
    expect(await template?.render([{ role: 'user', content: 'Hello' }])).toBe('fine');
  }, 20_000);

  it('by taking memory without an end is stopped with a sentence', async () => {
    const grow = '{% set held.all = held.all + held.all %}';
    await write(
      `{% set held = namespace(all=[1]) %}{% if ${asked} %}{% for a in range(1000) %}${grow}{% endfor %}{% endif %}fine`,
    );
    const template = await loadHere({ seconds: 60, megabytes: 32 });
    await expect(template?.render([{ role: 'user', content: 'Burst' }])).rejects.toThrow(
      /more than 32 MB of memory/,
    );
    expect(await template?.render([{ role: 'user', content: 'Hello' }])).toBe('fine');
  }, 60_000);

  it('that is no template, or stands in an unknown form, says so when the model is loaded', async () => {
    await write('{% if %}');
    await expect(loadHere()).rejects.toThrow(/chat template cannot be used here.*repair/);
    await rm(join(folder, 'chat_template.jinja'));
    await writeFile(join(folder, 'tokenizer_config.json'), '{"eos_token": "<|end|>", "chat_template": 7}');
    await expect(loadHere()).rejects.toThrow(/chat template cannot be used here: tokenizer_config.json/);
    expect(await hasChatTemplate(folder)).toBe(true);
  });
});
