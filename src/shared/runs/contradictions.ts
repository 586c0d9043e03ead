import { z } from 'zod';
import { gptSettingsSchema } from '../models/gpt-configuration.ts';
import { gptContradictions } from '../models/gpt-contradictions.ts';
import { nearestWord } from '../nearest-word.ts';
import { plainIssue } from '../plain-issue.ts';
import { configurationKeys } from './configuration-keys.ts';
import {
  dataConfigurationSchema,
  engineConfigurationSchema,
  tokenizerConfigurationSchema,
  trainingConfigurationSchema,
  type TokenizerConfiguration,
  type TrainingConfiguration,
} from './configuration.ts';
import { settingAt, type Contradiction, type Correction } from './contradiction.ts';

/** What a configuration is held against besides itself. Whatever is absent is not checked. */
export interface RunFacts {
  readonly text?: {
    /** Of the whole dataset, in UTF-8. */
    readonly bytes: number;
    /** Tokens to train on, and whether they were counted rather than estimated. */
    readonly trainTokens: number;
    readonly counted: boolean;
  };
  /** Whether the tokenizer exists already, so that what is said of a new one does not matter. */
  readonly tokenizerExists?: boolean;
  readonly cores?: number;
}

const settingsSchema = z.strictObject({
  model: gptSettingsSchema.prefault({}),
  tokenizer: tokenizerConfigurationSchema.prefault({}),
  data: dataConfigurationSchema.prefault({}),
  training: trainingConfigurationSchema.prefault({}),
  engine: engineConfigurationSchema.prefault({}),
});

/**
 * Everything in a run's configuration that is no valid value, does not go together, or does not go with the text or the
 * machine. A run whose contradictions include a refused one does not start.
 * @param configuration as it was written, with its defaults left out
 */
export function runContradictions(configuration: unknown, facts: RunFacts = {}): readonly Contradiction[] {
  const parsed = settingsSchema.safeParse(configuration, { error: plainIssue });
  if (!parsed.success)
    return parsed.error.issues.flatMap((issue) => valueContradictions(issue, configuration));
  const { model, tokenizer, training, engine } = parsed.data;
  return [
    ...gptContradictions(model),
    ...trainingContradictions(training),
    ...(facts.text === undefined ? [] : contextContradictions(model.contextLength, facts.text)),
    ...(facts.text === undefined || facts.tokenizerExists === true
      ? []
      : vocabularyContradictions(tokenizer, facts.text)),
    ...(facts.cores === undefined ? [] : threadContradictions(engine.threads, facts.cores)),
  ];
}

/** Values that no setting can have, and settings that there are not. */
function valueContradictions(issue: z.core.$ZodIssue, configuration: unknown): readonly Contradiction[] {
  const path = issue.path.join('.');
  const contradiction = (
    at: string,
    what: string,
    remedy: string,
    corrections: Correction[],
  ): Contradiction => ({
    rule: 'value',
    severity: 'refused',
    path: at,
    what,
    remedy,
    corrections,
  });
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const unknown = [...issue.path, key].join('.');
      const paths = configurationKeys.map((each) => each.path);
      const sameName = paths.find((each) => each.split('.').at(-1) === key);
      const meant = sameName ?? nearestWord(unknown, paths);
      const value = settingAt(configuration, unknown);
      const movable = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return contradiction(
        unknown,
        `There is no setting '${unknown}'.`,
        meant === undefined ? 'Take it out.' : `Did you mean ${meant}?`,
        [
          ...(meant === undefined || !movable
            ? []
            : [{ label: `Rename to ${meant}`, changes: [{ path: unknown }, { path: meant, value }] }]),
          { label: 'Take it out', changes: [{ path: unknown }] },
        ],
      );
    });
  const description = configurationKeys.find((key) => key.path === path)?.description ?? '';
  const bound =
    (issue.code === 'too_small' && issue.inclusive === true
      ? issue.minimum
      : issue.code === 'too_big' && issue.inclusive === true
        ? issue.maximum
        : undefined) ?? undefined;
  return [
    contradiction(
      path === '' ? 'configuration' : path,
      issue.message,
      description === '' ? 'Give a value that fits.' : description,
      path === ''
        ? []
        : [
            ...(bound === undefined
              ? []
              : [{ label: `Use ${bound}`, changes: [{ path, value: Number(bound) }] }]),
            { label: 'Use the default', changes: [{ path }] },
          ],
    ),
  ];
}

/** The divisors of a number next to another one, nearest first. */
function nearestDivisors(number: number, wanted: number): readonly number[] {
  const lower = range(Math.min(wanted, number), 1).find((candidate) => number % candidate === 0);
  const upper = range(wanted + 1, number).find((candidate) => number % candidate === 0);
  return [lower, upper]
    .filter((candidate) => candidate !== undefined)
    .toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
}

function range(from: number, to: number): readonly number[] {
  const step = from <= to ? 1 : -1;
  return from > to && step === 1
    ? []
    : Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => from + step * index);
}

function trainingContradictions(training: TrainingConfiguration): readonly Contradiction[] {
  const { batchSize, microBatchSize, steps, evaluationInterval, warmupSteps } = training;
  const { learningRate, minimumLearningRate, schedule } = training;
  const found: Contradiction[] = [];
  if (microBatchSize !== 'auto' && batchSize % microBatchSize !== 0) {
    const sizes = nearestDivisors(batchSize, microBatchSize);
    found.push({
      rule: 'microBatchDividesBatch',
      severity: 'refused',
      path: 'training.microBatchSize',
      what: `Micro-batches of ${microBatchSize} do not divide the batch of ${batchSize} evenly.`,
      remedy: `Let it be measured (auto), or use ${sizes.join(' or ')}.`,
      corrections: [
        { label: 'Measure it', changes: [{ path: 'training.microBatchSize', value: 'auto' }] },
        ...sizes.map((size) => ({
          label: `Micro-batches of ${size}`,
          changes: [{ path: 'training.microBatchSize', value: size }],
        })),
      ],
    });
  }
  if (schedule !== 'constant' && minimumLearningRate > learningRate)
    found.push({
      rule: 'learningRateFalls',
      severity: 'refused',
      path: 'training.minimumLearningRate',
      what: `The learning rate would end higher (${minimumLearningRate}) than it begins (${learningRate}).`,
      remedy: 'Usual is an end at a tenth of the beginning.',
      corrections: [
        {
          label: `End at ${tenth(learningRate)}`,
          changes: [{ path: 'training.minimumLearningRate', value: tenth(learningRate) }],
        },
        { label: 'Keep it constant', changes: [{ path: 'training.schedule', value: 'constant' }] },
      ],
    });
  if (steps !== undefined && steps < evaluationInterval) {
    const interval = Math.max(1, Math.floor(steps / 5));
    found.push({
      rule: 'budgetReachesEvaluation',
      severity: 'refused',
      path: 'training.steps',
      what: `A run of ${steps} ${steps === 1 ? 'step' : 'steps'} ends before its first evaluation at step ${evaluationInterval}, so that nobody sees whether it learns.`,
      remedy: 'Train for longer, or evaluate more often.',
      corrections: [
        {
          label: interval === 1 ? 'Evaluate every step' : `Evaluate every ${interval} steps`,
          changes: [{ path: 'training.evaluationInterval', value: interval }],
        },
        {
          label: `Train ${evaluationInterval} steps`,
          changes: [{ path: 'training.steps', value: evaluationInterval }],
        },
      ],
    });
  }
  if (steps !== undefined && warmupSteps >= steps && warmupSteps > 0) {
    const shorter = Math.floor(steps / 10);
    found.push({
      rule: 'warmupFitsBudget',
      severity: 'warned',
      path: 'training.warmupSteps',
      what: `A warm-up of ${warmupSteps} steps does not fit into a run of ${steps}.`,
      remedy: `It would be shortened to ${shorter}.`,
      corrections: [
        {
          label: shorter === 0 ? 'No warm-up' : `Warm up over ${shorter} ${shorter === 1 ? 'step' : 'steps'}`,
          changes: [{ path: 'training.warmupSteps', value: shorter }],
        },
      ],
    });
  }
  return found;
}

/** A tenth, without the digits that floating point adds. */
function tenth(rate: number): number {
  return Number((rate / 10).toPrecision(6));
}

/** The largest power of two below a number: contexts are usually powers of two. */
function powerOfTwoBelow(number: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(2, number))) - 1);
}

function contextContradictions(
  contextLength: number,
  { bytes, trainTokens, counted }: NonNullable<RunFacts['text']>,
): readonly Contradiction[] {
  if (trainTokens > contextLength) return [];
  // No tokenizer makes more tokens than there are bytes (and an end-of-text token a document): then it is certain.
  const certain = counted || bytes <= contextLength;
  // An eighth of the text leaves several windows to draw from; never longer than what is usual for small texts.
  const fitting = Math.min(256, powerOfTwoBelow(Math.max(2, trainTokens / 8)), Math.max(1, trainTokens - 1));
  return [
    {
      rule: 'contextFitsText',
      severity: certain ? 'refused' : 'warned',
      path: 'model.contextLength',
      what: `The training text has ${counted ? '' : 'about '}${Math.round(trainTokens)} tokens, which is not more than the context of ${contextLength}.`,
      remedy: 'Import more text, or choose a shorter context.',
      corrections:
        trainTokens < 2
          ? []
          : [
              {
                label: `A context of ${fitting}`,
                changes: [{ path: 'model.contextLength', value: fitting }],
              },
            ],
    },
  ];
}

/** Tokens of a byte-level vocabulary before the first merge: the bytes and the end of a text. */
const vocabularyWithoutMerges = 257;

/**
 * How many bytes of text a learnt token needs. Every merge needs a pair that occurs `minimumFrequency` times, and pairs
 * overlap: so few bytes a token cannot be enough.
 */
const bytesForToken = 4;

/** Below so many bytes a token, many tokens are seen too seldom to be learnt. */
const bytesForLearntToken = 60;

function vocabularyContradictions(
  { kind, vocabularySize, minimumFrequency }: TokenizerConfiguration,
  { bytes }: NonNullable<RunFacts['text']>,
): readonly Contradiction[] {
  if (kind === 'char') return [];
  const contradiction = (
    rule: string,
    severity: Contradiction['severity'],
    what: string,
    remedy: string,
    size: number,
  ): Contradiction => ({
    rule,
    severity,
    path: 'tokenizer.vocabularySize',
    what,
    remedy,
    corrections: [
      { label: `${size} tokens`, changes: [{ path: 'tokenizer.vocabularySize', value: size }] },
      { label: 'Characters as tokens', changes: [{ path: 'tokenizer.kind', value: 'char' }] },
    ],
  });
  if (vocabularySize < vocabularyWithoutMerges)
    return [
      contradiction(
        'vocabularyHoldsBytes',
        'refused',
        `A vocabulary of ${vocabularySize} is too small: the 256 bytes and the end of a text take ${vocabularyWithoutMerges}.`,
        'Take at least 512, so that it learns pieces of words.',
        512,
      ),
    ];
  const possible = vocabularyWithoutMerges + Math.floor(bytes / (bytesForToken * minimumFrequency));
  const learnable = Math.max(512, Math.floor(bytes / bytesForLearntToken));
  const usual = Math.min(possible, usualVocabulary(learnable));
  if (vocabularySize > possible)
    return [
      contradiction(
        'vocabularyFitsText',
        'refused',
        `A vocabulary of ${vocabularySize} cannot be learnt from ${bytes} bytes of text.`,
        `The text supports ${possible} tokens at the very most; usual for so much text is ${usual}.`,
        usual,
      ),
    ];
  if (vocabularySize > learnable)
    return [
      contradiction(
        'vocabularySeenOften',
        'warned',
        `A vocabulary of ${vocabularySize} is large for so little text: many of its tokens will be seen only a few times.`,
        `Usual for so much text is ${usual}.`,
        usual,
      ),
    ];
  return [];
}

/** The largest power of two up to a number, at least 512. */
function usualVocabulary(learnable: number): number {
  return Math.max(512, 2 ** Math.floor(Math.log2(learnable)));
}

function threadContradictions(threads: number | undefined, cores: number): readonly Contradiction[] {
  if (threads === undefined || threads <= cores) return [];
  return [
    {
      rule: 'threadsFitCores',
      severity: 'refused',
      path: 'engine.threads',
      what: `This machine has ${cores} ${cores === 1 ? 'core' : 'cores'}, not ${threads}; more threads than cores only slow a run down.`,
      remedy: `Take at most ${cores}, or leave it out to use all but the free ones.`,
      corrections: [
        { label: 'All but the free cores', changes: [{ path: 'engine.threads' }] },
        {
          label: `${cores} ${cores === 1 ? 'thread' : 'threads'}`,
          changes: [{ path: 'engine.threads', value: cores }],
        },
      ],
    },
  ];
}
