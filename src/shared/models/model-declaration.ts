import type { z } from 'zod';
import type { ConfigurationIssue } from '../runs/configuration-issue.ts';
import type { Preset } from '../runs/preset.ts';
import type { EarlierNames } from './earlier-names.ts';
import type { ModelSettings } from './model-settings.ts';
import type { ModelTask } from './model-task.ts';
import type { ModelShape, ModelVocabulary } from './model-shape.ts';

/** How a form shows a setting. What is not said here is in the setting's schema: its values, its default, what it is. */
export interface SettingDeclaration {
  /** Its name among the settings, such as `hiddenSize`. */
  readonly setting: string;
  /** What a person calls it. */
  readonly name: string;
  /** What a larger value does, as a sentence. */
  readonly larger?: string;
  /** What is usual, as a sentence. */
  readonly usual?: string;
  /** What its values are called, where they are words, and what is to be said of each. */
  readonly choices?: Readonly<Record<string, { readonly label: string; readonly hint: string }>>;
  /** Another setting, and the values of it with which this one has no meaning: it is not shown then. */
  readonly unless?: { readonly setting: string; readonly values: readonly (string | number | boolean)[] };
}

/**
 * What a person sets of the models of one architecture, and what becomes of it. Commands, forms and configuration files
 * know of a model's settings what stands here.
 */
export interface ModelDeclaration<
  Settings extends ModelSettings = ModelSettings,
  Shape extends ModelShape = ModelShape,
> {
  /** Its name, which its settings and shapes carry. */
  readonly name: string;
  /** What a person calls models of this kind. */
  readonly title: string;
  /** What they are, as a sentence. */
  readonly description: string;
  /**
   * The settings, each valid for itself, with their defaults and descriptions. `architecture` is the name alone, with it as
   * its default; unknown settings are refused.
   */
  readonly settingsSchema: z.ZodType<Settings>;
  /** A shape that was stored. */
  readonly shapeSchema: z.ZodType<Shape>;
  /**
   * What settings and shapes were called that have another name now. Files, commands and what is stored may say it still; no
   * schema does.
   */
  readonly earlierNames?: EarlierNames;
  /** The shape that settings give with a vocabulary: nothing is left open. */
  resolveShape(settings: Settings, vocabulary: ModelVocabulary): Shape;
  /** The settings that give a shape. */
  settingsOf(shape: Shape): Settings;
  /** What of the settings does not go together, at places such as `model.heads`. */
  issues(settings: Settings): readonly ConfigurationIssue[];
  /** The kind of a model: a published `model_type`, or a name of the architecture's own. Models of one kind use the same operators. */
  modelType(model: Settings | Shape): string;
  /** What a model can be used for. */
  tasks(model: Settings | Shape): readonly ModelTask[];
  /** A model's sizes in words, the most telling first: "6 layers". */
  sizes(settings: Settings): readonly string[];
  /** What to change of a model that is too large. */
  readonly tooLarge: {
    /** The setting, such as `hiddenSize`. */
    readonly setting: string;
    /** A sentence. */
    readonly remedy: string;
  };
  /** The settings that most people change, in the order of a form. */
  readonly usualSettings: readonly SettingDeclaration[];
  /** Those that few do. A setting in neither list is changed in the file alone. */
  readonly furtherSettings: readonly SettingDeclaration[];
  /** What there is to set for a person who takes no preset, as a sentence. */
  readonly ownText: string;
  /** Starting points of runs, smallest first. */
  readonly presets: readonly Preset[];
}
