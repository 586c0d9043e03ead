import { statfs } from 'node:fs/promises';
import {
  findModelDeclaration,
  modelDeclarationOf,
  resolveModelShape,
} from '../../../shared/models/registry.ts';
import type { RunConfiguration } from '../../../shared/runs/configuration.ts';
import { findConfigurationIssues } from '../../../shared/runs/configuration-issues.ts';
import type { ConfigurationIssue } from '../../../shared/runs/configuration-issue.ts';
import type { PlannedRun } from '../../../shared/runs/creation-contract.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { EstimateAnswer, RunEstimate } from '../../../shared/runs/estimate.ts';
import { defaultEvaluationTokens } from '../../llm/training/measure.ts';
import { tasksOf } from '../../llm/models/tasks.ts';
import { declarationOf } from '../../llm/objectives/registry.ts';
import { cannotDo } from '../../../shared/models/model-task.ts';
import { stepsWithin } from '../../llm/training/time-budget.ts';
import { labelsOfDataset } from '../datasets/dataset-documents.ts';
import { readDatasetVersion } from '../datasets/dataset-rows.ts';
import { requireDataset } from '../datasets/datasets.ts';
import { needsLabels, withoutLabels } from '../datasets/encoded-datasets.ts';
import { describeHardware } from '../hardware/hardware.ts';
import { LoamError } from '../../../shared/errors.ts';
import { findInstalledEngine, type InstalledEngine } from '../engines/installed-engine.ts';
import { requireEngine } from '../engines/require-engine.ts';
import type { Project } from '../projects/projects.ts';
import { listRunRows, type RunRow } from '../store/runs.ts';
import { listTokenizerRows } from '../store/tokenizers.ts';
import { estimateMemory } from './estimate-memory.ts';
import { estimateParameters } from './estimate-parameters.ts';
import { estimateQuality } from './estimate-quality.ts';
import { shapeOfRun } from '../runs/run-shape.ts';
import { estimateText, type TextEstimate } from './estimate-text.ts';
import { estimateStepTime, type StepTime } from './estimate-time.ts';
import { isOfEngine, readMeasurements, sameWork, type Measurement } from '../engines/measurements.ts';
import { resolveWritten } from './resolve-written.ts';

/** Weights and both moments, in float32. */
const checkpointBytesOfParameter = 12;

/** Share of the machine's memory that training can take before other programs are pushed out. */
const usableShareOfMemory = 0.9;

/**
 * What a run would take and give, and what in its configuration does not go together. Reads the store and small files;
 * computes nothing heavy.
 * @throws LoamError when the dataset or tokenizer does not exist.
 */
export async function estimateRun(
  project: Project,
  { dataset, tokenizer, configuration }: PlannedRun,
): Promise<EstimateAnswer> {
  const hardware = describeHardware();
  const own = findConfigurationIssues(configuration, { cores: hardware.cores });
  if (own.some(({ severity }) => severity === 'error')) return { issues: [...own] };
  const resolved = await resolveWritten(configuration);
  const unlabelled = await labelIssues(project, dataset, resolved);
  if (unlabelled.length > 0) return { issues: [...own, ...unlabelled] };
  const text = await estimateText(project, dataset, tokenizer, resolved);
  const runs = listRunRows(project.store);
  const engine = resolved.engine.name;
  // What it computes on where it is not installed does not matter: such a plan is refused.
  const here = (await findInstalledEngine(engine)) ?? { version: 'none', device: hardware.processor };
  const measurements = [
    ...measurementsOfRuns(project, runs, hardware.processor, here),
    ...(await readMeasurements(hardware.processor)),
    // Engines differ in pace, and so do their versions and devices: what one took says nothing of another.
  ].filter((measurement) => isOfEngine(measurement, engine, here));
  const estimate = await reckon({ project, dataset, resolved, text, runs, measurements, hardware, here });
  const issues = findConfigurationIssues(configuration, {
    cores: hardware.cores,
    text,
    tokenizerExists: text.tokenizer !== undefined,
  });
  return {
    issues: [
      ...issues,
      ...taskIssues(resolved),
      ...(await engineIssues(resolved)),
      ...machineIssues(resolved, estimate),
    ],
    estimate,
  };
}

interface Reckoning {
  readonly project: Project;
  readonly dataset: string;
  readonly resolved: RunConfiguration;
  readonly text: TextEstimate;
  readonly runs: readonly RunRow[];
  readonly measurements: readonly Measurement[];
  readonly hardware: ReturnType<typeof describeHardware>;
  readonly here: InstalledEngine;
}

async function reckon({
  project,
  dataset,
  resolved,
  text,
  runs,
  measurements,
  hardware,
  here,
}: Reckoning): Promise<RunEstimate> {
  const { training } = resolved;
  const shape = resolveModelShape(resolved.model, text);
  const parameters = estimateParameters(shape);
  const work = {
    processor: hardware.processor,
    shape,
    parameters: parameters.total,
    batchSize: training.batchSize,
    microBatchSize: training.microBatchSize,
    gradientCheckpointing: training.gradientCheckpointing,
    engine: resolved.engine.name,
    engineDevice: here.device,
    threads: resolved.engine.threads ?? hardware.cores,
  };
  const measured = measurements.findLast((measurement) => sameWork(measurement, work));
  const step: StepTime =
    measured === undefined
      ? estimateStepTime(work, measurements)
      : { secondsPerStep: measured.secondsPerStep, basis: 'measured', factor: 1.15 };

  const tokensPerStep = training.batchSize * shape.contextLength;
  // An evaluation is a forward pass: a third of the work of training on as many tokens.
  const secondsPerEvaluatedToken = step.secondsPerStep / tokensPerStep / 3;
  const evaluatedTokens = Math.min(
    training.evaluationTokens ?? defaultEvaluationTokens,
    text.validationTokens,
  );
  const times = {
    secondsPerStep: step.secondsPerStep,
    secondsPerEvaluation: secondsPerEvaluatedToken * evaluatedTokens,
    secondsOfFinalEvaluation: secondsPerEvaluatedToken * text.validationTokens,
  };
  const budget = training.minutes === undefined ? undefined : training.minutes * 60;
  const calibration = calibrationSeconds(training.minutes, step.secondsPerStep);
  const steps = training.steps ?? stepsWithin(budget ?? 0, calibration, times, training.evaluationInterval);
  const evaluations = Math.floor((steps - 1) / training.evaluationInterval) + 1;
  const expected =
    calibration +
    steps * step.secondsPerStep +
    (evaluations - 1) * times.secondsPerEvaluation +
    times.secondsOfFinalEvaluation;
  const within = (seconds: number) => (budget === undefined ? seconds : Math.min(seconds, budget));
  const trained = steps * tokensPerStep;
  const estimatedMemory = estimateMemory(shape, parameters.total, training);
  const checkpoint = checkpointBytesOfParameter * parameters.total;
  // The latest ones, the best one, and one that is being written.
  const checkpoints = Math.min(training.keepCheckpoints, evaluations) + 2;

  const quality = () =>
    estimateQuality(
      { parameters: parameters.total, trainTokens: Math.max(1, text.trainTokens), trainedTokens: trained },
      runs
        .filter((run) => run.datasetName === dataset && run.tokenizerHash === text.tokenizer?.hash)
        .flatMap(({ name, bestLoss }) => (bestLoss === null ? [] : [{ run: name, loss: bestLoss }])),
    );

  return {
    parameters,
    vocabulary: {
      size: text.vocabularySize,
      ...(text.tokenizer === undefined ? {} : { tokenizer: text.tokenizer.name }),
    },
    text: {
      bytes: text.bytes,
      trainTokens: text.trainTokens,
      validationTokens: text.validationTokens,
      counted: text.counted,
    },
    memory: {
      ...(measured === undefined
        ? { ...estimatedMemory, basis: 'guessed' as const }
        : { ...asMeasured(estimatedMemory, measured.memoryBytes), basis: 'measured' as const }),
      machine: hardware.memoryBytes,
    },
    training: {
      steps,
      tokens: trained,
      passes: trained / Math.max(1, tokensOfPass(resolved, text, shape)),
      tokensPerStep,
      secondsPerStep: step.secondsPerStep,
      seconds: {
        low: within(expected / step.factor),
        expected: within(expected),
        high: within(expected * step.factor),
      },
      evaluations,
      basis: step.basis,
    },
    disk: {
      checkpoint,
      total: checkpoint * checkpoints + bytesOfTokens(text),
      free: await freeDisk(project.folder),
    },
    ...(declarationOf(resolved.objective).task === 'generate' ? { quality: quality() } : {}),
  };
}

/** Tokens that the model sees in one pass over the training part: where each document is read by itself, all that fit. */
function tokensOfPass(
  { data }: RunConfiguration,
  { trainTokens, documents, documentsApart }: TextEstimate,
  { contextLength }: ModelShape,
): number {
  if (!documentsApart || documents === undefined) return trainTokens;
  return Math.round(documents * (1 - data.validationFraction)) * contextLength;
}

/** Says that a dataset has no labels where they are learned from. */
async function labelIssues(
  project: Project,
  dataset: string,
  { objective }: RunConfiguration,
): Promise<readonly ConfigurationIssue[]> {
  if (!needsLabels(objective)) return [];
  const { id, name } = requireDataset(project, dataset);
  const labels = await labelsOfDataset(project, readDatasetVersion(project, id));
  if (labels.length > 0) return [];
  const { what, remedy } = withoutLabels(objective);
  return [
    {
      rule: 'labelsToLearn',
      severity: 'error',
      path: 'objective',
      what: `Dataset ${name}: ${what}`,
      remedy,
      corrections: [],
    },
  ];
}

/** A peak as it was measured: what the reckoned parts leave of it is the program's. */
function asMeasured(
  parts: ReturnType<typeof estimateMemory>,
  total: number,
): ReturnType<typeof estimateMemory> {
  const { weights, gradients, moments, activations } = parts;
  return { ...parts, total, program: Math.max(0, total - weights - gradients - moments - activations) };
}

/** The encoded text, which later runs share: two bytes a token, four where the vocabulary is larger. */
function bytesOfTokens({ trainTokens, validationTokens, vocabularySize }: TextEstimate): number {
  return (trainTokens + validationTokens) * (vocabularySize <= 2 ** 16 ? 2 : 4);
}

/** What the calibration at a run's start takes: see `measureRun`. */
function calibrationSeconds(minutes: number | undefined, secondsPerStep: number): number {
  const allowed = minutes === undefined ? 20 : Math.min(20, 6 * minutes);
  return Math.min(allowed, 3 + 6 * secondsPerStep);
}

async function freeDisk(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    // Some network file systems do not say.
    return null;
  }
}

/**
 * What the runs of this project measured at their start, on this processor. A run may have gone on with another engine than
 * the one that was measured; a record does not name the card, so that of one that computed on a card is taken to be this one.
 */
function measurementsOfRuns(
  project: Project,
  runs: readonly RunRow[],
  processor: string,
  here: InstalledEngine,
): readonly Measurement[] {
  const vocabularies = new Map(
    listTokenizerRows(project.store).map(({ hash, vocabularySize }) => [hash, vocabularySize]),
  );
  return runs.toReversed().flatMap((run): readonly Measurement[] => {
    const { calibration, configuration, provenance } = run;
    const vocabularySize = vocabularies.get(run.tokenizerHash);
    if (calibration === undefined || vocabularySize === undefined) return [];
    if (findModelDeclaration(configuration.model.architecture) === undefined) return [];
    if (provenance.hardware.processor !== processor) return [];
    const { engine = 'onnxruntime', device = 'cpu' } = calibration;
    // The versions on record are those of the engine that computed last.
    const engineVersion = provenance.versions[engine];
    return [
      {
        processor,
        shape: shapeOfRun(run, { vocabularySize }),
        parameters: run.parameters,
        batchSize: configuration.training.batchSize,
        microBatchSize: configuration.training.microBatchSize,
        gradientCheckpointing: configuration.training.gradientCheckpointing,
        engine,
        ...(engineVersion === undefined ? {} : { engineVersion }),
        engineDevice: device === 'cpu' ? processor : here.device,
        threads: provenance.engine.threads,
        secondsPerStep: calibration.secondsPerStep,
        memoryBytes: calibration.memoryBytes,
        measuredAt: run.createdAt,
      },
    ];
  });
}

/** A model that cannot do what it is to learn. */
function taskIssues({ model, objective }: RunConfiguration): readonly ConfigurationIssue[] {
  const { task } = declarationOf(objective);
  const tasks = tasksOf(model);
  if (tasks.includes(task)) return [];
  return [
    {
      rule: 'modelDoesTask',
      severity: 'error',
      path: 'model.architecture',
      what: cannotDo(task, tasks),
      remedy: 'Choose another kind of model, or something else for it to learn.',
      corrections: [],
    },
  ];
}

/** An engine that is not here. */
async function engineIssues({ engine }: RunConfiguration): Promise<readonly ConfigurationIssue[]> {
  try {
    await requireEngine(engine.name);
    return [];
  } catch (error) {
    if (!(error instanceof LoamError)) throw error;
    return [
      {
        rule: 'engineInstalled',
        severity: 'error',
        path: 'engine.name',
        what: error.what,
        remedy: error.remedy,
        corrections: [{ label: 'ONNX Runtime', changes: [{ path: 'engine.name', value: 'onnxruntime' }] }],
      },
    ];
  }
}

/** What asks more of the machine than it has. */
function machineIssues(
  { model, training }: RunConfiguration,
  { memory, training: course, disk }: RunEstimate,
): readonly ConfigurationIssue[] {
  const found: ConfigurationIssue[] = [];
  const { tooLarge } = modelDeclarationOf(model);
  const state = memory.weights + memory.gradients + memory.moments;
  const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toPrecision(2)} GiB`;
  if (state > memory.machine)
    found.push({
      rule: 'memoryHoldsModel',
      severity: 'error',
      path: `model.${tooLarge.setting}`,
      what: `Training this model needs at least ${gibibytes(state)} of memory, and this machine has ${gibibytes(memory.machine)}.`,
      remedy: tooLarge.remedy,
      corrections: [],
    });
  else if (memory.total > usableShareOfMemory * memory.machine)
    found.push({
      rule: 'memorySuffices',
      severity: 'warning',
      path: 'training.microBatchSize',
      what: `Training may need ${gibibytes(memory.total)} of memory, and this machine has ${gibibytes(memory.machine)} for all programs.`,
      remedy: 'Compute fewer sequences at once, or keep less for the backward pass.',
      corrections: [
        ...(training.microBatchSize === 1
          ? []
          : [{ label: 'Micro-batches of 1', changes: [{ path: 'training.microBatchSize', value: 1 }] }]),
        ...(training.gradientCheckpointing
          ? []
          : [
              {
                label: 'Gradient checkpointing',
                changes: [{ path: 'training.gradientCheckpointing', value: true }],
              },
            ]),
      ],
    });
  if (disk.free !== null && disk.total > disk.free)
    found.push({
      rule: 'diskSuffices',
      severity: 'warning',
      path: 'training.keepCheckpoints',
      what: `The run will need about ${gibibytes(disk.total)} on the disk, and ${gibibytes(disk.free)} are free.`,
      remedy: 'Keep fewer checkpoints, make room, or choose a smaller model.',
      corrections:
        training.keepCheckpoints === 1
          ? []
          : [{ label: 'Keep one checkpoint', changes: [{ path: 'training.keepCheckpoints', value: 1 }] }],
    });
  if (training.minutes !== undefined && training.steps === undefined)
    found.push(...timeIssues(training.minutes, training.evaluationInterval, course));
  return found;
}

/** A time budget in which the run would not get to an evaluation. */
function timeIssues(
  minutes: number,
  evaluationInterval: number,
  { steps, secondsPerStep, seconds, basis }: RunEstimate['training'],
): readonly ConfigurationIssue[] {
  const about = basis === 'measured' ? '' : 'about ';
  if (steps === 1) {
    // Enough for the calibration, a handful of steps and the evaluation at the end, twice over.
    const enough = Math.max(1, Math.ceil((2 * (seconds.expected + 20 + 20 * secondsPerStep)) / 60));
    const certain = basis !== 'guessed' && enough > minutes;
    return [
      {
        rule: 'budgetReachesEvaluation',
        severity: certain ? 'error' : 'warning',
        path: 'training.minutes',
        what: `In ${minutes} minutes there is no time for more than one step (each takes ${about}${secondsPerStep.toPrecision(2)} s) and the evaluation.`,
        remedy: 'Allow more time, or choose a smaller model.',
        corrections:
          enough > minutes
            ? [{ label: `${enough} minutes`, changes: [{ path: 'training.minutes', value: enough }] }]
            : [],
      },
    ];
  }
  if (steps >= evaluationInterval) return [];
  const interval = Math.max(1, Math.floor(steps / 5));
  return [
    {
      rule: 'budgetReachesEvaluation',
      severity: 'warning',
      path: 'training.evaluationInterval',
      what: `In the time given there are ${about}${steps} steps, so that the run ends before its first evaluation at step ${evaluationInterval}.`,
      remedy: 'Evaluate more often, or allow more time.',
      corrections: [
        {
          label: interval === 1 ? 'Evaluate every step' : `Evaluate every ${interval} steps`,
          changes: [{ path: 'training.evaluationInterval', value: interval }],
        },
      ],
    },
  ];
}
