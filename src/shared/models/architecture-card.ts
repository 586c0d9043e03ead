import { z } from 'zod';
import { presetSchema } from '../runs/preset.ts';
import { modelTasks } from './model-task.ts';
import { configurationKeySchema } from '../runs/setting-keys.ts';

const settingValueSchema = z.union([z.string(), z.number(), z.boolean()]);

/** A setting of a model with all that a form needs to show it. */
export const modelSettingSchema = configurationKeySchema.extend({
  /** What a person calls it; what a larger value does; what is usual. */
  name: z.string(),
  larger: z.string().optional(),
  usual: z.string().optional(),
  /** What its values are called, where they are words. */
  choices: z.record(z.string(), z.strictObject({ label: z.string(), hint: z.string() })).optional(),
  /** The place of another setting, and the values of it with which this one is not shown. */
  unless: z.strictObject({ path: z.string(), values: z.array(settingValueSchema) }).optional(),
});
export type ModelSetting = Readonly<z.output<typeof modelSettingSchema>>;

/** A starting point, and what its model can be used for. */
const offeredPresetSchema = presetSchema.extend({ tasks: z.array(z.enum(modelTasks)) });
export type OfferedPreset = Readonly<z.output<typeof offeredPresetSchema>>;

/** What a page knows of an architecture: all of it comes from the architecture's declaration. */
export const architectureCardSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  ownText: z.string(),
  /** In the order of the file. */
  settings: z.array(modelSettingSchema),
  /** The places of those that a form shows at once, and of those under "more settings", in its order. */
  usual: z.array(z.string()),
  further: z.array(z.string()),
  presets: z.array(offeredPresetSchema),
  /** Earlier names of settings, each with the one of today. */
  earlierNames: z.record(z.string(), z.string()),
  /** The JSON Schema of its settings. */
  schema: z.record(z.string(), z.unknown()),
});
export type ArchitectureCard = Readonly<z.output<typeof architectureCardSchema>>;
