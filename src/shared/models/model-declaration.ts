import type { z } from 'zod';
import type { Contradiction } from '../runs/contradiction.ts';
import type { Preset } from '../runs/preset.ts';
import type { ModelSettings } from './model-settings.ts';
import type { ModelShape } from './model-shape.ts';

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
  /**
   * The settings, each valid for itself, with their defaults and descriptions. `architecture` is the name alone, with it as
   * its default; unknown settings are refused.
   */
  readonly settingsSchema: z.ZodType<Settings>;
  /** A shape that was stored. */
  readonly shapeSchema: z.ZodType<Shape>;
  /** The shape that settings give with a vocabulary of this size: nothing is left open. */
  resolveShape(settings: Settings, vocabularySize: number): Shape;
  /** The settings that give a shape. */
  settingsOf(shape: Shape): Settings;
  /** What of the settings does not go together, at places such as `model.heads`. */
  contradictions(settings: Settings): readonly Contradiction[];
  /** The kind of a model: a published `model_type`, or a name of the architecture's own. Models of one kind use the same operators. */
  modelType(model: Settings | Shape): string;
  /** A model's sizes in words, the most telling first: "6 layers". */
  sizes(settings: Settings): readonly string[];
  /** What to change of a model that is too large. */
  readonly tooLarge: {
    /** The setting, such as `hiddenSize`. */
    readonly setting: string;
    /** A sentence. */
    readonly remedy: string;
  };
  /** Starting points of runs, smallest first. */
  readonly presets: readonly Preset[];
}
