import { z } from 'zod';
import { procedure } from '../rpc.ts';
import { architectureCardSchema } from './architecture-card.ts';

export const modelsContract = {
  /** The kinds of model that can be trained, the usual one first: what there is to set of each. */
  architectures: procedure.output(z.array(architectureCardSchema)),
};
