import { LoamError } from '../../../shared/errors.ts';
import { cannotDo } from '../../../shared/models/model-task.ts';
import { modelDeclarationOf } from '../../../shared/models/registry.ts';
import type { ConfigurationIssue } from '../../../shared/runs/configuration-issue.ts';
import type { RunConfiguration } from '../../../shared/runs/configuration.ts';
import type { RunEstimate } from '../../../shared/runs/estimate.ts';
import { tasksOf } from '../../llm/models/tasks.ts';
import { declarationOf } from '../../llm/objectives/registry.ts';
import { labelsOfDataset } from '../datasets/dataset-documents.ts';
import { readDatasetVersion } from '../datasets/dataset-rows.ts';
import { requireDataset } from '../datasets/datasets.ts';
import { needsLabels, withoutLabels } from '../datasets/objective-needs.ts';
import { requireEngine } from '../engines/require-engine.ts';
import type { Project } from '../projects/projects.ts';
import type { PlannedStart } from './planned-start.ts';

/** Share of the machine's memory that training can take before other programs are pushed out. */
const usableShareOfMemory = 0.9;

/** A model that cannot do what it is to learn. */
export function taskIssues(
  { model, objective }: RunConfiguration,
  start: PlannedStart | undefined,
): readonly ConfigurationIssue[] {
  const { task } = declarationOf(objective);
  const tasks = tasksOf(model);
  if (tasks.includes(task)) return [];
  return [
    {
      rule: 'modelDoesTask',
      severity: 'error',
      path: start === undefined ? 'model.architecture' : 'from',
      what: cannotDo(task, tasks),
      remedy: 'Choose another kind of model, or something else for it to learn.',
      corrections: [],
    },
  ];
}

/** Says that a dataset has no labels where they are learned from. */
export async function labelIssues(
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

/** An engine that is not here. */
export async function engineIssues({ engine }: RunConfiguration): Promise<readonly ConfigurationIssue[]> {
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
export function machineIssues(
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
