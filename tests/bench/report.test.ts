import { expect, test } from 'vitest';
import { asMarkdown, asText, type Presentation } from '../../bench/harness/presentation.ts';
import { replaceBetweenMarks, reportOf } from '../../bench/report.ts';
import { LoamError } from '../../src/shared/errors.ts';

const presentation: Presentation = {
  title: 'Speed',
  tables: [
    {
      caption: 'ms',
      head: ['', 'Loam'],
      rows: [
        ['a|b', '7.00'],
        ['update', '123'],
      ],
    },
  ],
  notes: ['Less is better.'],
};

test('A table is aligned in a terminal', () => {
  expect(asText(presentation)).toBe(
    'Speed\n═════\n\nms\n        Loam\n────────────\na|b     7.00\nupdate   123\n\n· Less is better.',
  );
});

test('A table is Markdown in the report, with bars in cells escaped', () => {
  expect(asMarkdown(presentation)).toBe(
    '### Speed\n\n**ms**\n\n|  | Loam |\n| --- | ---: |\n| a\\|b | 7.00 |\n| update | 123 |\n\n- Less is better.',
  );
});

test('Figures replace those between the marks and leave the prose alone', () => {
  const before =
    'Prose.\n<!-- measured: written by "npm run bench -- report", not by hand -->\nold\n<!-- end of what was measured -->\nMore.\n';
  const after = replaceBetweenMarks(before, 'new');
  expect(after).toContain('\n\nnew\n\n');
  expect(after).not.toContain('old');
  expect(after.startsWith('Prose.\n<!-- measured')).toBe(true);
  expect(after.endsWith('what was measured -->\nMore.\n')).toBe(true);
  expect(replaceBetweenMarks(after, 'new')).toBe(after);
});

test('A report without marks is refused', () => {
  expect(() => replaceBetweenMarks('No marks.', 'new')).toThrow(LoamError);
});

test('A section says where and with what it was measured', () => {
  const rate = { median: 100, lowest: 90, highest: 110, count: 3 };
  const section = reportOf([
    {
      format: 1,
      benchmark: 'matmul',
      measuredAt: '2026-11-25T10:20:30.000Z',
      minutes: 0.5,
      otherWork: 0.31,
      machine: {
        processor: 'Some processor',
        extensions: ['avx2'],
        cores: 2,
        memoryBytes: 8 * 2 ** 30,
        system: 'linux',
        versions: { torch: '2.13.0' },
      },
      options: { threads: 2, repetitions: 3, quick: false, models: [], texts: [] },
      data: { loam: { '512': rate }, torch: { '512': { ...rate, median: 50 } } },
    },
  ]);
  expect(section).toContain('| n = 512 | 100 | 50.0 | 2.00× |');
  expect(section).toContain(
    '2026-11-25 10:20 UTC, 0.5 minutes, 3 repetitions, 2 threads. Other programs took 31 % of the cores meanwhile, which disturbs the figures. Some processor; avx2; 2 cores, 8 GiB',
  );
});
