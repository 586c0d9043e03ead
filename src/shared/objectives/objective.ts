import { z } from 'zod';
import { trainingMethods } from '../runs/training-method.ts';
import { modelTasks } from '../models/model-task.ts';
import type { Term } from '../teaching/term.ts';

/** How a figure is written: with three decimals (a loss), as a multiple with one or two, or in percent. */
const figureFormats = ['decimal', 'factor', 'share'] as const;

const termSchema = z.strictObject({
  name: z.string().min(1),
  what: z.string().min(1),
  larger: z.string().optional(),
  usual: z.string().optional(),
}) satisfies z.ZodType<Term>;

/** A figure by which a model is judged: what it is called and explained with, how it is written, which way it is good. */
export const figureSchema = z.strictObject({
  /** The key that its values stand under. */
  name: z.string().regex(/^[a-z][A-Za-z0-9]*$/),
  term: termSchema,
  format: z.enum(figureFormats),
  better: z.enum(['lower', 'higher']),
});
export type Figure = Readonly<z.output<typeof figureSchema>>;

/** What a model is set beside that needs no learning worth the name. */
const baselineSchema = z.strictObject({
  /** The key that its loss stands under among the figures. */
  figure: z.string(),
  /** Explains the comparison. */
  term: termSchema,
  /** In a word or two: "counting". */
  short: z.string().min(1),
  /** What it does, to end "the loss of …" with: "merely counting which token follows which". */
  phrase: z.string().min(1),
});

/**
 * What a run learns by, as pages, commands and the store need to know it: they go through the figures that are declared here
 * and know none by name.
 */
export const objectiveDeclarationSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  /** What a model learns by it, as somebody would choose it: "Write like these documents". */
  title: z.string().min(1),
  description: z.string().min(1),
  /** To end "Good for: …" and "Not for: …" with. */
  goodFor: z.string().optional(),
  notFor: z.string().optional(),
  /** How a model that is there already learns it where nobody says otherwise. Absent: its weights learn. */
  method: z.enum(trainingMethods).optional(),
  /** What a model must be able to do. */
  task: z.enum(modelTasks),
  /** What it needs of each document besides the text. */
  needs: z.array(z.enum(['label', 'fields', 'conversation'])).optional(),
  /**
   * The form of its examples on disk, with a version that counts up when the same documents would give others: "pairs-1". It
   * is part of the name of their folder. Absent: the texts' tokens one after another.
   */
  examples: z.string().optional(),
  /** What a prediction is of, many of them: "tokens", "labels". */
  predictions: z.string().min(1),
  /** What training makes small. */
  loss: figureSchema,
  /** What else is measured, in the order in which it is shown. */
  figures: z.array(figureSchema),
  /** The figure by which models are compared with each other; of `figures`, or "loss". */
  headline: z.string(),
  baseline: baselineSchema.optional(),
});
export type ObjectiveDeclaration = Readonly<z.output<typeof objectiveDeclarationSchema>>;

/** Figures by name. Messages and rows carry no NaN and no infinity: null stands for a figure that is no number. */
export const figureValuesSchema = z.record(z.string(), z.number().nullable());
export type FigureValues = Readonly<z.output<typeof figureValuesSchema>>;

/** A figure as it is sent and stored. */
export const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Figures as they are sent and stored. */
export function finiteFigures(figures: Readonly<Record<string, number>>): FigureValues {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, finiteOrNull(value)]));
}

/** The figure by which models are compared. @throws Error when the declaration names one that it has not */
export function headlineOf({ loss, figures, headline }: ObjectiveDeclaration): Figure {
  const figure = [loss, ...figures].find(({ name }) => name === headline);
  if (figure === undefined) throw new Error(`No figure "${headline}" is declared.`);
  return figure;
}
