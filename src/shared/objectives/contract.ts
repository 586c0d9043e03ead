import { z } from 'zod';
import { procedure } from '../rpc.ts';
import { objectiveDeclarationSchema } from './objective.ts';

export const objectivesContract = {
  /** What runs can learn by, in the order in which they are offered. */
  list: procedure.output(z.array(objectiveDeclarationSchema)),
};
