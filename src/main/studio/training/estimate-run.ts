import { statfs } from 'node:fs/promises';
import { findModelDeclaration, resolveModelShape } from '../../../shared/models/registry.ts';
import { threadsOf, trainedSettings, type RunConfiguration } from '../../../shared/runs/configuration.ts';
import { findConfigurationIssues } from '../../../shared/runs/configuration-issues.ts';
import type { PlannedRun } from '../../../shared/runs/creation-contract.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { EstimateAnswer, RunEstimate } from '../../../shared/runs/estimate.ts';
import { defaultEvaluationTokens } from '../../llm/training/measure.ts';
import { declarationOf } from '../../llm/objectives/registry.ts';
import { stepsWithin } from '../../llm/training/time-budget.ts';
import { describeHardware } from '../hardware/hardware.ts';
import { findInstalledEngine, type InstalledEngine } from '../engines/installed-engine.ts';
import type { Project } from '../projects/projects.ts';
import { listRunRows, type RunRow } from '../store/runs.ts';
import { listTokenizerRows } from '../store/tokenizers.ts';
import { estimateMemory, learningParameters } from './estimate-memory.ts';
import { estimateParameters } from './estimate-parameters.ts';
import { estimateQuality } from './estimate-quality.ts';
import { shapeOfRun } from '../runs/run-shape.ts';
import { estimateText, type TextEstimate } from './estimate-text.ts';
import { estimateStepTime, type StepTime } from './estimate-time.ts';
import { isOfEngine, readMeasurements, sameWork, type Measurement } from '../engines/measurements.ts';
import { engineIssues, labelIssues, machineIssues, taskIssues } from './plan-issues.ts';
import type { PlannedStart } from './planned-start.ts';
import { resolveWritten } from './resolve-written.ts';
import { shapeOfStart, startIssues } from './start-issues.ts';

/** What a checkpoint takes for a weight, and for the moments of one that learns, in float32. */
const [bytesOfWeight, bytesOfMoments] = [4, 8];

/**
 * What a run would take and give, and what in its configuration does not go together. Reads the store and small files;
 * computes nothing heavy.
 * @param start the model that the plan begins with
 * @throws LoamError when the dataset or tokenizer does not exist.
 */
export async function estimateRun(
  project: Project,
  { dataset, tokenizer, configuration }: PlannedRun,
  start?: PlannedStart,
): Promise<EstimateAnswer> {
  const hardware = describeHardware();
  const own = findConfigurationIssues(configuration, { cores: hardware.cores });
  if (own.some(({ severity }) => severity === 'error')) return { issues: [...own] };
  const resolved = await resolveWritten(configuration);
  const ofStart = startIssues(resolved, start);
  if (start !== undefined && ofStart.length > 0) return { issues: [...own, ...ofStart] };
  const unlabelled = await labelIssues(project, dataset, resolved);
  if (unlabelled.length > 0) return { issues: [...own, ...unlabelled] };
  const text = await estimateText(project, dataset, tokenizer, resolved, start);
  const runs = listRunRows(project.store);
  const engine = resolved.engine.name;
  // What it computes on where it is not installed does not matter: such a plan is refused.
  const here = (await findInstalledEngine(engine)) ?? { version: 'none', device: hardware.processor };
  const measurements = [
    ...measurementsOfRuns(project, runs, hardware.processor, here),
    ...(await readMeasurements(hardware.processor)),
    // Engines differ in pace, and so do their versions and devices: what one took says nothing of another.
  ].filter((measurement) => isOfEngine(measurement, engine, here));
  const estimate = await reckon({
    project,
    dataset,
    resolved,
    start,
    text,
    runs,
    measurements,
    hardware,
    here,
  });
  const issues = findConfigurationIssues(configuration, {
    cores: hardware.cores,
    text,
    tokenizerExists: start !== undefined || text.tokenizer !== undefined,
  });
  return {
    issues: [
      ...issues,
      ...ofStart,
      ...taskIssues(resolved, start),
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
  readonly start: PlannedStart | undefined;
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
  start,
  text,
  runs,
  measurements,
  hardware,
  here,
}: Reckoning): Promise<RunEstimate> {
  const { training } = resolved;
  const shape =
    start === undefined ? resolveModelShape(resolved.model, text) : shapeOfStart(start, resolved.model);
  const learning = learningParameters(shape, trainedSettings(training));
  const parameters = { ...estimateParameters(shape), learning };
  const work = {
    processor: hardware.processor,
    shape,
    batchSize: training.batchSize,
    microBatchSize: training.microBatchSize,
    gradientCheckpointing: training.gradientCheckpointing,
    ...trainedSettings(training),
    engine: resolved.engine.name,
    engineDevice: here.device,
    threads: threadsOf(resolved),
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
  const written = training.method === 'lora' ? learning : parameters.total;
  const checkpoint = bytesOfWeight * written + bytesOfMoments * learning;
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
    ...(start === undefined && declarationOf(resolved.objective).task === 'generate'
      ? { quality: quality() }
      : {}),
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
        ...trainedSettings(configuration.training),
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
