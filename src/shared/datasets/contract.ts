import { z } from 'zod';
import { procedure } from '../rpc.ts';
import { datasetDetailsSchema, datasetSchema } from './dataset.ts';

const reference = z.strictObject({ name: z.string() });

export const datasetsContract = {
  list: procedure.output(z.array(datasetSchema)),
  show: procedure.input(reference).output(datasetDetailsSchema),
  delete: procedure.input(reference).output(z.strictObject({ freedBytes: z.number() })),
};
