import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Where an architecture knows itself: its folder, its files that pages' declarations come from, and the two registries. */
const own = /^src\/(main\/llm\/models\/(gpt\/|registry\.ts$)|shared\/models\/(gpt[^/]*|registry)\.ts$)/;

/** What else may name one, and why. */
const allowed: Readonly<Record<string, string>> = {
  'src/shared/engines/benchmark-gpt.ts':
    'the yardstick of engines is one model for good: figures stay comparable',
  'src/main/llm/engine-trials/benchmark.ts': 'trains and writes with that yardstick',
  'src/renderer/screens/hardware/engine-entry.tsx': 'says how large that yardstick is',
  'src/renderer/strings/en/hardware.ts': 'says what that yardstick is',
  'src/shared/datasets/record-forms.ts': 'gpt is who speaks, in conversations in the form of ShareGPT',
  'src/main/hosts/cli/commands/train.ts': 'its help shows how a setting is changed, by an example',
  'src/main/hosts/cli/commands/quickstart.ts': 'GPT is what people call a model that writes',
};

/** An architecture's name, or a setting or value that only one has. GPT-2's tokenizers and patterns (gpt2, gpt4) are others'. */
const knowledge = [
  /(?<![\w-])gpt(?![\w-]*\d)/i,
  /gpt[A-Z]|Gpt(?!\w*\d)/,
  /models\/gpt/,
  /\bmodelType ===/,
  /\bmodel\.(layers|heads|keyValueHeads|headSize|hiddenSize|intermediateSize)\b/,
];

/** The lines of a file that are no comments. */
function spokenLines(text: string): readonly string[] {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .map((line) => line.replace(/(^|\s)\/\/\s.*$/, ''));
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((name) => join('src', name).replaceAll('\\', '/'))
  .filter((name) => /\.tsx?$/.test(name));

function linesThatKnow(file: string): readonly string[] {
  return spokenLines(readFileSync(file, 'utf8')).filter((line) =>
    knowledge.some((pattern) => pattern.test(line)),
  );
}

test('No file but an architecture’s own and the registries knows its name or its settings', () => {
  const found = files
    .filter((file) => !own.test(file) && allowed[file] === undefined)
    .flatMap((file) => linesThatKnow(file).map((line) => `${file}: ${line.trim()}`));
  expect(found).toEqual([]);
});

test('Nothing is allowed to know an architecture that does not', () => {
  expect(
    Object.keys(allowed).filter((file) => !files.includes(file) || linesThatKnow(file).length === 0),
  ).toEqual([]);
});

test('The architectures are found where they know themselves', () => {
  expect(files.filter((file) => own.test(file)).some((file) => linesThatKnow(file).length > 0)).toBe(true);
});
