import { expect, test } from 'vitest';
import { gptParameters } from '../../src/main/llm/models/gpt/parameters.ts';
import { resolveConfiguration } from '../../src/main/studio/runs/resolve-configuration.ts';
import { resolveGptShape } from '../../src/shared/models/gpt-configuration.ts';
import { presets } from '../../src/shared/runs/presets.ts';

/** Characters of an ordinary English text; what a preset of kind char meets. */
const letters = 66;

test.each(presets)(
  'the preset $name has as many parameters as its summary says',
  ({ summary, ...preset }) => {
    const { model, tokenizer } = resolveConfiguration([{ origin: 'preset', values: preset.configuration }]);
    const shape = resolveGptShape(model, tokenizer.kind === 'char' ? letters : tokenizer.vocabularySize);
    const count = gptParameters(shape).reduce(
      (sum, parameter) => sum + parameter.shape.reduce((product, size) => product * size, 1),
      0,
    );
    const said = Number(/([\d.]+) million/.exec(summary)?.[1]);
    expect(Math.abs(count / 1e6 - said)).toBeLessThan(Math.max(0.1, said * 0.05));
  },
);
