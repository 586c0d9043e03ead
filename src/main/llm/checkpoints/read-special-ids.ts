import { z } from 'zod';
import { specialIdNames, type SpecialIds } from '../models/special-ids.ts';

const tokenId = z.int().min(0);
const idsSchema = z.looseObject({
  bos_token_id: tokenId.nullish(),
  eos_token_id: z.union([tokenId, z.array(tokenId)]).nullish(),
  pad_token_id: z.int().nullish(),
});

/** What a description says of special ids; nothing where one of them is no id. */
function readIds(json: unknown): z.output<typeof idsSchema> {
  const parsed = idsSchema.safeParse(json);
  return parsed.success ? parsed.data : {};
}

/** The ids at which a model's text ends, from its `generation_config.json` or `config.json`. None when neither says. */
export function endOfTextIds(generationConfig: unknown, config: unknown): readonly number[] {
  const ids = readIds(generationConfig).eos_token_id ?? readIds(config).eos_token_id ?? [];
  return typeof ids === 'number' ? [ids] : ids;
}

/** The id that a text out of nothing begins with, from the same files. */
export function beginOfTextId(generationConfig: unknown, config: unknown): number | undefined {
  return readIds(generationConfig).bos_token_id ?? readIds(config).bos_token_id ?? undefined;
}

/** The special ids that a `config.json` has, as it has them. */
export function specialIdsIn(config: unknown): SpecialIds {
  const ids = readIds(config);
  return Object.fromEntries(
    specialIdNames.flatMap((name) => (ids[name] === undefined ? [] : [[name, ids[name]] as const])),
  );
}
