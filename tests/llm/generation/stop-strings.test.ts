import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStopDetector } from '../../../src/main/llm/generation/stop-strings.ts';

function runThrough(
  stops: readonly string[],
  pieces: readonly string[],
): { shown: readonly string[]; stopped: boolean } {
  const detector = createStopDetector(stops);
  const shown: string[] = [];
  for (const piece of pieces) {
    const { text, stopped } = detector.push(piece);
    shown.push(text);
    if (stopped) return { shown, stopped };
  }
  shown.push(detector.finish());
  return { shown, stopped: false };
}

describe('stop strings', () => {
  it('are found across the borders of tokens, and not shown', () => {
    expect(runThrough(['\n\nUser:'], ['Hello', '\n', '\nUs', 'er', ': more'])).toEqual({
      shown: ['Hello', '', '', '', ''],
      stopped: true,
    });
  });

  it('hold back only what might become one, and give it up when it does not', () => {
    expect(runThrough(['END'], ['the E', 'N', 'E', 'ND of it'])).toEqual({
      shown: ['the ', '', 'EN', ''],
      stopped: true,
    });
    expect(runThrough(['END'], ['the EN']).shown).toEqual(['the ', 'EN']);
  });

  it('stop at the one that is complete first', () => {
    expect(runThrough(['abcd', 'bc'], ['xabcd']).shown).toEqual(['xa']);
  });

  it('do nothing when there are none', () => {
    expect(runThrough([], ['a', 'b'])).toEqual({ shown: ['a', 'b', ''], stopped: false });
    expect(runThrough([''], ['a'])).toEqual({ shown: ['a', ''], stopped: false });
  });

  it('give the same text however it is cut into pieces', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
    const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 6 }), stops, (pieces, wanted) => {
        const inPieces = runThrough(wanted, pieces);
        const byLetter = runThrough(wanted, Array.from(pieces.join('')));
        expect(inPieces.shown.join('')).toBe(byLetter.shown.join(''));
        expect(inPieces.stopped).toBe(byLetter.stopped);
        const whole = pieces.join('');
        expect(inPieces.stopped).toBe(wanted.some((stop) => whole.includes(stop)));
        expect(wanted.some((stop) => inPieces.shown.join('').includes(stop))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
