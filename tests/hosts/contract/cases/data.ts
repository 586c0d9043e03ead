import { expect } from 'vitest';
import type { Case } from './case.ts';

/** Data and tokenizers. */
export const dataCases: readonly Case[] = [
  {
    procedure: 'datasets.inspect',
    call: async ({ client, text }) => {
      const { files, suggestedName } = await client.datasets.inspect({ paths: [text] });
      expect(files[0]).toMatchObject({ name: 'records.txt', format: 'text', problems: [] });
      expect(suggestedName).not.toBe('records');
    },
  },
  {
    procedure: 'datasets.import',
    call: async ({ client, text, finish }) => {
      const { job } = await client.datasets.import({ name: 'more', paths: [text] });
      expect(await finish(job)).toMatchObject({ kind: 'import' });
    },
  },
  {
    procedure: 'datasets.list',
    call: async ({ client }) => {
      expect((await client.datasets.list()).map(({ name }) => name).sort()).toEqual(['more', 'records']);
    },
  },
  {
    procedure: 'datasets.show',
    call: async ({ client }) => {
      expect(await client.datasets.show({ name: 'records' })).toMatchObject({ runs: ['first'] });
    },
  },
  {
    procedure: 'datasets.prepare',
    call: async ({ client, finish }) => {
      const { job } = await client.datasets.prepare({ name: 'more' });
      if (job !== null) await finish(job);
    },
  },
  {
    procedure: 'datasets.documents',
    call: async ({ client }) => {
      const { rows, total } = await client.datasets.documents({
        name: 'more',
        query: {},
        offset: 0,
        limit: 10,
      });
      expect(rows.length).toBeGreaterThan(0);
      expect(total).toBeGreaterThanOrEqual(rows.length);
    },
  },
  {
    procedure: 'datasets.document',
    call: async ({ client }) => {
      const { rows } = await client.datasets.documents({ name: 'more', query: {}, offset: 0, limit: 1 });
      const document = await client.datasets.document({ name: 'more', key: rows[0]?.key ?? '' });
      expect(document.text).toContain('The pump');
    },
  },
  {
    procedure: 'datasets.export',
    call: async ({ client }) => {
      expect(await client.datasets.export({ name: 'more', format: 'jsonl' })).toMatchObject({
        format: 'jsonl',
        parted: 0,
      });
    },
  },
  {
    procedure: 'datasets.statistics',
    call: async ({ client }) => {
      expect(await client.datasets.statistics({ name: 'more' })).toMatchObject({
        after: expect.objectContaining({ documents: expect.any(Number) }),
      });
    },
  },
  {
    procedure: 'datasets.tryStep',
    call: async ({ client }) => {
      const { effect } = await client.datasets.tryStep({
        name: 'more',
        step: { kind: 'excludeContaining', text: 'no text has this' },
      });
      expect(effect).toMatchObject({ step: { kind: 'excludeContaining' }, before: effect.after });
    },
  },
  {
    procedure: 'datasets.changeRecipe',
    call: async ({ client }) => {
      const { version } = await client.datasets.recipe({ name: 'more' });
      const changed = await client.datasets.changeRecipe({
        name: 'more',
        version,
        change: { kind: 'add', step: { kind: 'excludeEmpty' } },
      });
      expect(changed.version).not.toBe(version);
    },
  },
  {
    procedure: 'datasets.recipe',
    call: async ({ client }) => {
      expect(await client.datasets.recipe({ name: 'more' })).toMatchObject({
        steps: [expect.anything()],
        canUndo: true,
      });
    },
  },
  {
    procedure: 'datasets.discardUploads',
    call: async ({ client }) => {
      await client.datasets.discardUploads({ uploads: ['4ad79fb5-6faa-4a0d-9a0f-d6b2f4f84d0f'] });
    },
  },
  {
    procedure: 'datasets.removeFiles',
    call: async ({ client }) => {
      const { version } = await client.datasets.recipe({ name: 'more' });
      await expect(
        client.datasets.removeFiles({ name: 'more', version, files: ['records.txt'] }),
      ).rejects.toMatchObject({ code: 'ACCOUNT' });
    },
  },
  {
    procedure: 'tokenizers.train',
    call: async ({ client, finish }) => {
      const { job } = await client.tokenizers.train({
        name: 'words',
        dataset: 'more',
        configuration: { kind: 'bpe', vocabularySize: 300, minimumFrequency: 2 },
      });
      await finish(job);
    },
  },
  {
    procedure: 'tokenizers.list',
    call: async ({ client }) => {
      expect((await client.tokenizers.list()).map(({ name }) => name).sort()).toEqual([
        'records-char',
        'words',
      ]);
    },
  },
  {
    procedure: 'tokenizers.show',
    call: async ({ client }) => {
      expect(await client.tokenizers.show({ name: 'words' })).toMatchObject({ kind: 'bpe', dataset: 'more' });
    },
  },
  {
    procedure: 'tokenizers.import',
    call: async ({ client }) => {
      const { folder } = await client.tokenizers.show({ name: 'words' });
      const imported = await client.tokenizers.import({
        name: 'again',
        from: { kind: 'path', path: folder },
      });
      expect(imported.vocabularySize).toBeGreaterThan(256);
    },
  },
  {
    procedure: 'tokenizers.encode',
    call: async ({ client }) => {
      const { tokens } = await client.tokenizers.encode({ name: 'words', text: 'The pump leaks.' });
      expect(tokens.length).toBeGreaterThan(1);
    },
  },
  {
    procedure: 'tokenizers.compare',
    call: async ({ client }) => {
      expect(
        await client.tokenizers.compare({
          names: ['words', 'records-char'],
          sample: { kind: 'text', text: 'The pump leaks.' },
        }),
      ).toMatchObject({
        sample: { words: 3 },
        tokenizers: [{ name: 'words' }, { name: 'records-char' }],
      });
    },
  },
  {
    procedure: 'tokenizers.vocabulary',
    call: async ({ client }) => {
      const { tokens } = await client.tokenizers.vocabulary({ name: 'words', from: 0, count: 5 });
      expect(tokens).toHaveLength(5);
    },
  },
  {
    procedure: 'tokenizers.delete',
    call: async ({ client }) => {
      expect((await client.tokenizers.delete({ name: 'again' })).freedBytes).toBeGreaterThan(0);
    },
  },
  {
    procedure: 'datasets.countTokens',
    call: async ({ client, finish }) => {
      const { job } = await client.datasets.countTokens({ name: 'more', tokenizer: 'words' });
      await finish(job);
    },
  },
  {
    procedure: 'datasets.tokens',
    call: async ({ client }) => {
      expect(await client.datasets.tokens({ name: 'more', tokenizer: 'words' })).toMatchObject({
        tokens: expect.any(Number),
      });
    },
  },
  {
    procedure: 'datasets.deletion',
    call: async ({ client }) => {
      expect(await client.datasets.deletion({ name: 'records' })).toMatchObject({
        usedBy: expect.arrayContaining([expect.stringContaining('first')]),
      });
    },
  },
];
