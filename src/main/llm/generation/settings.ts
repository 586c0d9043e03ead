import { LoamError } from '../../../shared/errors.ts';
import {
  generationSettingsSchema,
  type GenerationSettings,
  type GenerationSettingsInput,
} from '../../../shared/generation/settings.ts';

/** Fills in what is left open. @throws LoamError naming the settings that are out of range. */
export function resolveGenerationSettings(input: GenerationSettingsInput): GenerationSettings {
  const result = generationSettingsSchema.safeParse(input);
  if (result.success) return result.data;
  throw new LoamError({
    kind: 'misuse',
    where: 'generation settings',
    what: `${result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}.`,
    remedy: 'Give values in these ranges.',
  });
}
