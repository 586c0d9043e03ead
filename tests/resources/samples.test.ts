import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { accountOf } from '../../resources/samples/account.ts';
import { categories } from '../../resources/samples/equipment.ts';
import { allEquipment } from '../../resources/samples/equipment/all.ts';
import { passages } from '../../resources/samples/passages/passages.ts';
import { questions } from '../../resources/samples/questions.ts';
import { createRandom } from '../../resources/samples/random.ts';
import { sampleDocuments } from '../../resources/samples/sample-documents.ts';
import { write } from '../../resources/samples/template.ts';
import { tickets } from '../../resources/samples/tickets.ts';
import { createWorld } from '../../resources/samples/world.ts';
import { writeSamples } from '../../resources/samples/write.ts';
import { readDocuments } from '../../src/main/llm/data/text-files.ts';

const documents = sampleDocuments();
const world = createWorld(1);

describe('A pattern', () => {
  it('chooses alternatives, fills slots and draws numbers', () => {
    const seen = new Set<string>();
    const random = createRandom(1);
    for (let draw = 0; draw < 200; draw++)
      seen.add(write('[The [big|small] pump|{Tag}|]: {2-3}, {0.5-0.6} {tag}', { tag: 'p-03' }, random));
    expect([...seen].toSorted()).toEqual(
      ['', 'P-03', 'The big pump', 'The small pump'].flatMap((start) =>
        ['2', '3'].flatMap((whole) => ['0.5', '0.6'].map((part) => `${start}: ${whole}, ${part} p-03`)),
      ),
    );
  });

  it('gives a range the same number again, where numbers are remembered', () => {
    const drawn = new Map<string, string>();
    const random = createRandom(2);
    expect(write('{1-1000000}', {}, random, drawn)).toBe(write('{1-1000000}', {}, random, drawn));
  });

  it('with a slot that nothing fills is an error', () => {
    expect(() => write('{nothing}', {}, createRandom(1))).toThrow('{nothing}');
  });
});

describe('The sample documents', () => {
  it('are the same each time, and others for another seed', () => {
    expect(sampleDocuments()).toEqual(documents);
    expect(sampleDocuments(5)).not.toEqual(documents);
  });

  it('are many and long enough to learn from', () => {
    expect(documents.length).toBeGreaterThan(500);
    expect(documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)).toBeGreaterThan(600_000);
    const words = new Set(documents.flatMap(({ text }) => text.toLowerCase().match(/[a-z’]+/g) ?? []));
    expect(words.size).toBeGreaterThan(2000);
  });

  it('have names and texts of their own', () => {
    expect(new Set(documents.map(({ name }) => name)).size).toBe(documents.length);
    expect(new Set(documents.map(({ text }) => text)).size).toBe(documents.length);
  });

  it('are finished text: no slot, bracket, doubled space or doubled stop is left, and each ends with a line end', () => {
    for (const { name, text } of documents) {
      expect(
        text.match(/[{}[\]|]|undefined|NaN| {2,}(?!\S* ?[A-Z])|(?<!\.)\.\.(?!\.)|!!| [.,;]|\bthe the\b/),
        name,
      ).toBeNull();
      expect(text.endsWith('\n') && !text.endsWith('\n\n'), name).toBe(true);
    }
  });

  it('repeat themselves little: most sentences occur in few documents', () => {
    const counts = new Map<string, number>();
    for (const { text } of documents) {
      for (const sentence of new Set(text.split(/(?<=[.?!])\s+|\n/).filter((part) => part.length > 30)))
        counts.set(sentence, (counts.get(sentence) ?? 0) + 1);
    }
    const rare = [...counts.values()].filter((count) => count <= 3).length;
    expect(rare / counts.size).toBeGreaterThan(0.7);
    expect(Math.max(...counts.values()) / documents.length).toBeLessThan(0.08);
  });
});

describe('The grammar', () => {
  it('tells every cause of every fault with at least two findings, two steps and an advice', () => {
    const [job] = world.jobs;
    for (const equipment of allEquipment) {
      for (const fault of equipment.faults) {
        for (const cause of fault.cause.keys()) {
          const account = accountOf({
            ...job!,
            fault,
            cause,
            outcome: 'repaired',
            number: `${fault.title} ${cause}`,
          });
          const counts = {
            found: account.found.length,
            work: account.work.length,
            advice: account.advice.length,
          };
          expect(counts.found, `${fault.title}, cause ${cause}`).toBeGreaterThanOrEqual(2);
          expect(counts.work, `${fault.title}, cause ${cause}`).toBeGreaterThanOrEqual(2);
          expect(counts.advice, `${fault.title}, cause ${cause}`).toBeGreaterThanOrEqual(1);
          for (const { before, after } of account.measurements) expect(before, fault.title).not.toBe(after);
        }
      }
    }
  });

  it('tells the same job the same way in all its records', () => {
    for (const job of world.jobs.slice(0, 50)) {
      const { random: first, ...account } = accountOf(job);
      const { random: second, ...again } = accountOf(job);
      expect(again).toEqual(account);
      expect(second.number()).toBe(first.number());
    }
  });

  it('lets time run forwards: called, attended, finished, returned', () => {
    for (const { opened, attended, finished, returned } of world.jobs) {
      expect(attended).toBeGreaterThan(opened);
      expect(finished).toBeGreaterThan(attended);
      if (returned !== undefined) expect(returned).toBeGreaterThan(finished);
    }
  });
});

describe('The other forms', () => {
  it('are tickets in every category, none of them tiny', () => {
    const all = tickets(world);
    const counts = Map.groupBy(all, ({ category }) => category);
    expect([...counts.keys()].toSorted()).toEqual([...categories].toSorted());
    for (const [category, those] of counts) expect(those.length, category).toBeGreaterThan(20);
    expect(new Set(all.map(({ ticket }) => ticket)).size).toBe(all.length);
    expect(all.every(({ text }) => !/[{}[\]|]|undefined/.test(text))).toBe(true);
  });

  it('are questions that are each asked once', () => {
    const all = questions(world);
    expect(all.length).toBeGreaterThan(800);
    expect(new Set(all.map(({ question }) => question)).size).toBe(all.length);
    expect(
      all.every(
        ({ question, answer }) => answer.trim() !== '' && !/[{}[\]|]|undefined/.test(question + answer),
      ),
    ).toBe(true);
  });

  it('are passages in English and German with as many sentences in each', () => {
    const all = passages(300, 1);
    const sentences = (text: string): number => text.split(/(?<=[.!?]) /).length;
    for (const { english, german } of all) {
      expect(sentences(german), english).toBe(sentences(english));
      expect(english + german).not.toMatch(/[{}]|undefined/);
    }
    expect(new Set(all.map(({ english }) => english)).size).toBe(300);
  });

  it('decline German nouns by gender and case', () => {
    const german = passages(800, 2)
      .map((passage) => passage.german)
      .join('\n');
    for (const form of [
      'den Lastenaufzug',
      'des Lastenaufzugs',
      'dem Gaskessel',
      'vom Klimagerät',
      'zur Schiebetür',
      'der Kältemaschine',
      'das Lager',
      'im Sicherheitsventil',
    ])
      expect(german).toContain(form);
    expect(german).not.toMatch(
      /\b(der|den|dem|des) Pumpe?\b|des \w+tür\b|die (Motor|Filter|Lager|Brenner)\b/,
    );
  });
});

describe('Writing the samples', () => {
  it('takes less than two seconds and gives files that read as documents', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'loam-samples-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const started = performance.now();
    const files = await writeSamples(folder);
    expect(performance.now() - started).toBeLessThan(2000);
    const texts = files.filter((file) => file.endsWith('.txt'));
    expect(texts).toHaveLength(documents.length);
    const read: string[] = [];
    for await (const { text } of readDocuments(
      texts.slice(0, 20).map((file) => ({ path: file, name: path.basename(file) })),
    ))
      read.push(text);
    expect(read).toEqual(documents.slice(0, 20).map(({ text }) => text));
    const rows = (await readFile(path.join(folder, 'tickets.csv'), 'utf8')).trimEnd().split('\n');
    expect(rows[0]).toBe('ticket,opened,site,asset,channel,priority,text,category');
    for (const line of (await readFile(path.join(folder, 'questions.jsonl'), 'utf8')).trimEnd().split('\n'))
      expect(Object.keys(JSON.parse(line) as object)).toEqual(['question', 'answer']);
    expect(
      (await readFile(path.join(folder, 'passages.tsv'), 'utf8')).split('\n')[1]!.split('\t'),
    ).toHaveLength(2);
    for (const file of files) expect((await stat(file)).size).toBeGreaterThan(0);
  });

  it('into a place that cannot be a folder says so', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'loam-samples-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(path.join(folder, 'file'), '');
    await expect(writeSamples(path.join(folder, 'file'))).rejects.toMatchObject({ name: 'LoamError' });
  });
});
