import type { CheckpointSummary } from '../../../shared/checkpoints/checkpoint.ts';
import type { FigureValues } from '../../../shared/objectives/objective.ts';
import type { RunConfiguration } from '../../../shared/runs/configuration.ts';
import type { Calibration } from '../../../shared/runs/events.ts';
import type { Provenance, RunSummary } from '../../../shared/runs/run.ts';
import { listCheckpoints } from './run-checkpoints.ts';
import type { Project } from '../projects/projects.ts';
import { parseFigures } from '../store/evaluations.ts';
import { lastMetric, listEvents, listRunEvaluations, listSamples } from '../store/run-records.ts';
import { currentRun, summarizeRun } from './runs.ts';

/** Everything that a run wrote but its single steps. */
export interface RunDetails extends RunSummary {
  readonly configuration: RunConfiguration;
  readonly provenance: Provenance;
  readonly calibration?: Calibration;
  readonly checkpoints: readonly CheckpointSummary[];
  readonly evaluations: readonly {
    readonly step: number;
    readonly loss: number | null;
    readonly figures: FigureValues;
    readonly complete: boolean;
  }[];
  readonly samples: readonly { readonly step: number; readonly prompt: string; readonly text: string }[];
  readonly events: readonly { readonly at: string; readonly type: string; readonly data: unknown }[];
  readonly tokensPerSecond?: number;
  readonly memoryBytes?: number;
}

export async function showRun(project: Project, name: string): Promise<RunDetails> {
  const row = await currentRun(project, name);
  const { store } = project;
  const last = lastMetric(store, row.id);
  return {
    ...summarizeRun(row),
    configuration: row.configuration,
    provenance: row.provenance,
    ...(row.calibration === undefined ? {} : { calibration: row.calibration }),
    checkpoints: await listCheckpoints(project, name),
    evaluations: listRunEvaluations(store, row.id).map(({ step, loss, figuresJson, complete }) => ({
      step: step ?? 0,
      loss,
      figures: parseFigures(figuresJson),
      complete: complete === 1,
    })),
    samples: listSamples(store, row.id).map(({ step, prompt, text }) => ({ step, prompt, text })),
    events: listEvents(store, row.id).map(({ at, type, dataJson }) => ({
      at,
      type,
      data: JSON.parse(dataJson) as unknown,
    })),
    ...(last === undefined ? {} : { tokensPerSecond: last.tokensPerSecond, memoryBytes: last.memoryBytes }),
  };
}

/** A setting in which compared runs differ, with each run's value in the runs' order. */
export interface ConfigurationDifference {
  readonly path: string;
  readonly values: readonly unknown[];
}

type Leaf = readonly [path: string, value: unknown];

function leaves(value: unknown, path: string): readonly Leaf[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(inner, path === '' ? name : `${path}.${name}`),
  );
}

/** The settings that are not the same in all configurations. */
export function compareConfigurations(
  configurations: readonly unknown[],
): readonly ConfigurationDifference[] {
  const maps = configurations.map((configuration) => new Map(leaves(configuration, '')));
  const paths = [...new Set(maps.flatMap((map) => [...map.keys()]))];
  return paths
    .map((path) => ({ path, values: maps.map((map) => map.get(path)) }))
    .filter(({ values }) => values.some((value) => JSON.stringify(value) !== JSON.stringify(values[0])));
}
