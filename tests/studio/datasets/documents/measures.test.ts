import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createTextMeasurer,
  loadLanguageDetector,
  measureText,
  suspicionOf,
} from '../../../../src/main/studio/datasets/documents/measures.ts';
import { createHashTable } from '../../../../src/main/studio/datasets/documents/hash-table.ts';
import { createContainingTest } from '../../../../src/main/studio/datasets/documents/containing.ts';

const none = (): undefined => undefined;

describe('The measures of a text', () => {
  test('count words as a split at white space does, and are the same for its pieces', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'bc', ' ', '\n', '\u00a0', '\u3000', '\u2003', 'é', '😀'),
    });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (pieces) => {
        const whole = pieces.join('');
        const measures = measureText([whole], none);
        expect(measures.words).toBe(whole.split(/\s+/).filter((word) => word !== '').length);
        const measurer = createTextMeasurer();
        for (const piece of pieces) measurer.push(piece);
        expect(measurer.finish(none)).toEqual(measures);
        expect(measures.hash[0].toString(16).padStart(8, '0')).toBe(
          createHash('sha256').update(whole).digest('hex').slice(0, 8),
        );
      }),
    );
  });

  test.each([
    ['UTF-8 read as Windows-1252', 'Die MÃ¼hle lÃ¤uft', true],
    ['its quotation marks', 'He said â€œyesâ€\u009d', true],
    ['a character that could not be read', 'M\ufffdhle', true],
    ['good German', 'Die Mühle läuft für Österreich', false],
    ['good French and Portuguese', 'Âge, Égalité, NÃO, «Été»', false],
    ['good Russian', 'Ñandú и Привет', false],
  ])('tell %s', (_, text, suspicious) => {
    expect(measureText([text], none).suspicious).toBe(suspicious);
    expect(suspicionOf(text) !== undefined).toBe(suspicious);
  });

  test('name the language, and none where the text is too short to tell', async () => {
    const detect = await loadLanguageDetector();
    expect(measureText(['The boiler in hall three was switched off.'], detect).language).toBe('en');
    expect(measureText(['Der Kessel in Halle drei wurde abgeschaltet.'], detect).language).toBe('de');
    expect(measureText(['12 345'], detect).language).toBe('und');
  });
});

test('A table of hashes keeps what a Map keeps, also as it grows', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(40), fc.nat(1000)), { maxLength: 300 }), (entries) => {
      const table = createHashTable(1);
      const map = new Map<string, number>();
      for (const [high, low, value] of entries) {
        expect(table.getOrAdd(high, low, value)).toBe(map.get(`${high} ${low}`));
        if (!map.has(`${high} ${low}`)) map.set(`${high} ${low}`, value);
        if (value % 5 === 0) {
          table.set(high, low, value);
          map.set(`${high} ${low}`, value);
        }
      }
    }),
  );
});

test('A text is found across its pieces, whatever its case', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'B', 'ä', ' '), minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 8 }), letters, fc.boolean(), (pieces, sought, matchCase) => {
      const search = createContainingTest(sought, matchCase);
      const found = pieces.map((piece) => search.push(piece)).includes(true);
      const whole = pieces.join('');
      expect(found).toBe(
        matchCase ? whole.includes(sought) : whole.toLowerCase().includes(sought.toLowerCase()),
      );
    }),
  );
});
