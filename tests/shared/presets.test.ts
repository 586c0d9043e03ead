import { expect, test } from 'vitest';
import { parametersOf } from '../../src/main/llm/models/registry.ts';
import { resolveConfiguration } from '../../src/main/studio/training/resolve-configuration.ts';
import { presets, resolveModelShape } from '../../src/shared/models/registry.ts';

/** Characters of an ordinary English text; what a preset of kind char meets. */
const letters = 66;

test.each(presets())(
  'the preset $name has as many parameters as its summary says',
  ({ summary, ...preset }) => {
    const { model, tokenizer } = resolveConfiguration([{ origin: 'preset', values: preset.configuration }]);
    const shape = resolveModelShape(model, {
      vocabularySize: tokenizer.kind === 'char' ? letters : tokenizer.vocabularySize,
    });
    const count = parametersOf(shape).reduce(
      (sum, parameter) => sum + parameter.shape.reduce((product, size) => product * size, 1),
      0,
    );
    const said = Number(/([\d.]+) million/.exec(summary)?.[1]);
    expect(Math.abs(count / 1e6 - said)).toBeLessThan(Math.max(0.1, said * 0.05));
  },
);
