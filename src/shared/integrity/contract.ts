import { z } from 'zod';
import { momentSchema } from '../names.ts';
import { procedure } from '../rpc.ts';
import { verificationRecordSchema } from './verification.ts';

const job = z.strictObject({ job: z.int().positive() });
/** The look whose findings are meant: what a person has read and agreed to. */
const look = z.strictObject({ checkedAt: momentSchema });

export const integrityContract = {
  /** The last look at the project; null where nobody has looked yet. */
  last: procedure.output(verificationRecordSchema.nullable()),
  /** Reads everything that the project keeps and compares it with its hashes, as a job. */
  verify: procedure.output(job),
  /** Makes again what the last look said can be made again, then looks once more, as a job. */
  repair: procedure.input(look).output(job),
  /** Takes as right what the last look found changed in the store or missing from it, then looks once more, as a job. */
  accept: procedure.input(look).output(job),
};
