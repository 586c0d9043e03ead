import { z } from 'zod';
import { procedure } from '../rpc.ts';
import { tokenizerSchema } from './tokenizer.ts';

const reference = z.strictObject({ name: z.string() });

export const tokenizersContract = {
  list: procedure.output(z.array(tokenizerSchema)),
  show: procedure.input(reference).output(tokenizerSchema),
  delete: procedure.input(reference).output(z.strictObject({ freedBytes: z.number() })),
};
