import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editJson, locateJson } from '../../src/shared/json-edit.ts';
import { parseJsonWithComments } from '../../src/shared/json-with-comments.ts';
import { applyChanges } from '../../src/shared/runs/configuration-issue.ts';

const edit = (text: string, path: string, value?: string | number | boolean) =>
  editJson(text, [{ path: path.split('.'), value }]);

const commented = `{
  // A small model for the letters.
  "model": {
    "layers": 4, // four is enough
    "heads": 4 /* of 32 */
  },
  /* learning */
  "training": { "steps": 100 }
}
`;

describe('an edit of JSON with comments', () => {
  it('changes a value and leaves every comment where it is', () => {
    expect(edit(commented, 'model.layers', 6)).toBe(commented.replace('"layers": 4', '"layers": 6'));
    expect(edit(commented, 'model.heads', 8)).toBe(commented.replace('"heads": 4', '"heads": 8'));
  });

  it('adds an entry after the last one, behind its comment', () => {
    expect(edit('{\n  "a": {\n    "b": 1 // one\n  }\n}', 'a.c', 'two')).toBe(
      '{\n  "a": {\n    "b": 1, // one\n    "c": "two"\n  }\n}',
    );
  });

  it('adds the groups that lead to an entry', () => {
    expect(edit('{}', 'training.sample.topK', 5)).toBe(
      '{\n  "training": {\n    "sample": {\n      "topK": 5\n    }\n  }\n}',
    );
  });

  it('takes an entry out with its line and the comment on it', () => {
    expect(edit(commented, 'model.layers')).toBe(
      commented.replace('    "layers": 4, // four is enough\n', ''),
    );
  });

  it('leaves no comma behind when the last entry goes', () => {
    expect(edit('{ "a": 1, "b": 2 }', 'b')).toBe('{ "a": 1 }');
    expect(edit('{ "a": 1 }', 'a')).toBe('{  }');
  });

  it('is not confused by braces, commas and comment marks inside texts', () => {
    const text = '{ "a": "}, // \\" /*", "b": 1 }';
    expect(edit(text, 'b', 2)).toBe('{ "a": "}, // \\" /*", "b": 2 }');
  });

  it('refuses a text that is no JSON', () => {
    expect(() => edit('{ "a": ', 'a', 1)).toThrow('not valid JSON');
  });

  it('says what a change of the tree says, whatever the text looks like', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof({ depthSize: 'small' }, fc.integer(), fc.dictionary(name, tie('node'))),
    })).node;
    const objects = fc.dictionary(name, tree);
    const path = fc.array(name, { minLength: 1, maxLength: 3 });
    const layout = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.replaceAll(',', ' /* , } */ ,'),
      (text) => text.replaceAll('\n', ' // "a": {\n'),
    );
    fc.assert(
      fc.property(
        objects,
        path,
        fc.option(fc.integer(), { nil: undefined }),
        layout,
        (object, at, value, lay) => {
          const text = lay(JSON.stringify(object, undefined, 2));
          const change = { path: at.join('.'), ...(value === undefined ? {} : { value }) };
          const edited = parseJsonWithComments(editJson(text, [{ path: at, value }]), 'text');
          expect(edited).toEqual(applyChanges(object, [change]));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a place in JSON with comments', () => {
  const at = (path: string): string => {
    const range = locateJson(commented, path.split('.'));
    return range === undefined ? 'nowhere' : commented.slice(range.start, range.end);
  };

  it('is that of the value', () => {
    expect(at('model.heads')).toBe('4');
    expect(at('training.steps')).toBe('100');
  });

  it('is the name of the nearest group where the value is not written', () => {
    expect(at('model.dropout')).toBe('"model"');
    expect(at('engine.threads')).toBe('{');
  });

  it('is nowhere in a text that is not valid', () => {
    expect(locateJson('{ "a": ', ['a'])).toBeUndefined();
  });
});
