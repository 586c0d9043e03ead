import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutText } from '../../../src/renderer/format/cut-text.ts';

describe('a name that is cut', () => {
  test('keeps the step of a checkpoint', () => {
    expect(cutText('shake-1-1-1@2500')).toEqual({ head: 'shake-1-1-1', tail: '@2500' });
    expect(cutText('ONNX of shake-1-1-1@2500')).toEqual({ head: 'ONNX of shake-1-1-1', tail: '@2500' });
  });

  test('keeps the last name of a path', () => {
    expect(cutText('/home/someone/projects/exports/shake')).toEqual({
      head: '/home/someone/projects/exports',
      tail: '/shake',
    });
    expect(cutText('C:\\Users\\someone\\out')).toEqual({ head: 'C:\\Users\\someone', tail: '\\out' });
  });

  test('keeps the last characters where nothing else sets it apart', () => {
    expect(cutText('a-very-long-name-of-a-run-7')).toEqual({ head: 'a-very-long-name-of-a', tail: '-run-7' });
    expect(cutText('run')).toEqual({ head: '', tail: 'run' });
  });

  test('loses nothing', () => {
    assert(
      property(string({ unit: 'grapheme' }), (text) => {
        const { head, tail } = cutText(text);
        expect(head + tail).toBe(text);
      }),
    );
  });
});
