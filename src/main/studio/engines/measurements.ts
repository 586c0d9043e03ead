import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { engineNames, type EngineName } from '../../../shared/engines/engine.ts';
import { loraSettingsSchema } from '../../../shared/runs/configuration.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { writeJsonAtomically } from '../../llm/files/atomic-file.ts';
import { makeFolder } from '../../llm/files/make-folder.ts';
import { parseShape } from '../../llm/models/registry.ts';
import type { InstalledEngine } from './installed-engine.ts';
import { userFolder } from '../settings/user-folder.ts';

const positive = z.number().positive();

/** A shape that a registered architecture knows. */
const shapeSchema = z.unknown().transform((value, context): ModelShape => {
  const shape = parseShape(value);
  if (shape !== undefined) return shape;
  context.addIssue({ code: 'custom', message: 'No architecture knows this shape.' });
  return z.NEVER;
});

const measurementSchema = z.object({
  /** The processor's name: a folder can move to another machine. */
  processor: z.string(),
  shape: shapeSchema,
  parameters: positive,
  batchSize: positive,
  /** As configured: a number, or what the calibration chose for auto. */
  microBatchSize: z.union([z.literal('auto'), positive]),
  gradientCheckpointing: z.boolean(),
  /** The topmost layers that learnt alone. Absent: everything learnt. */
  trainedLayers: positive.optional(),
  /** The adapters that learnt in place of weights. Absent: weights learnt. */
  lora: loraSettingsSchema.optional(),
  /** Before there were several, it was this one. */
  engine: z.enum(engineNames).default('onnxruntime'),
  /** Absent: the one that comes along with this version of Loam. */
  engineVersion: z.string().optional(),
  /** What the engine computed on. Absent: the processor. */
  engineDevice: z.string().optional(),
  threads: positive,
  secondsPerStep: positive,
  memoryBytes: positive,
  measuredAt: z.string(),
});

/** What training a model took on a machine. Times in seconds, memory in bytes. */
export type Measurement = Readonly<z.output<typeof measurementSchema>>;

/** So many are kept, the newest. */
const mostMeasurements = 200;

const measurementsFile = () => join(userFolder(), 'measurements.json');

/** What was measured on this machine, in whichever project; nothing when the file is not there or cannot be read. */
export async function readMeasurements(processor: string): Promise<readonly Measurement[]> {
  return (await readAll()).filter((measurement) => measurement.processor === processor);
}

async function readAll(): Promise<readonly Measurement[]> {
  // It can always be measured again: a file that is missing or damaged is as good as an empty one.
  const text = await readFile(measurementsFile(), 'utf8').catch(() => '[]');
  try {
    const parsed = z.array(measurementSchema).safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

/** Keeps a measurement; it replaces an earlier one of the same work. */
export async function rememberMeasurement(measurement: Measurement): Promise<void> {
  const others = (await readAll()).filter((other) => !sameWork(other, measurement));
  await makeFolder(userFolder());
  await writeJsonAtomically(measurementsFile(), [...others, measurement].slice(-mostMeasurements));
}

type Work = Pick<
  Measurement,
  | 'shape'
  | 'batchSize'
  | 'microBatchSize'
  | 'gradientCheckpointing'
  | 'trainedLayers'
  | 'lora'
  | 'engine'
  | 'engineDevice'
  | 'threads'
  | 'processor'
>;

/** Whether a measurement was taken with an engine as it is now: of this version, on this device. */
export function isOfEngine(
  { engine, engineVersion, engineDevice, processor }: Measurement,
  name: EngineName,
  here: InstalledEngine,
): boolean {
  return (
    engine === name &&
    (engineVersion ?? here.version) === here.version &&
    (engineDevice ?? processor) === here.device
  );
}

/** Whether two measurements, or a measurement and a plan, are of the same work. */
export function sameWork(one: Work, other: Work): boolean {
  const key = ({
    processor,
    shape,
    batchSize,
    microBatchSize,
    gradientCheckpointing,
    trainedLayers,
    lora,
    engine,
    engineDevice = processor,
    threads,
  }: Work) =>
    JSON.stringify([
      processor,
      Object.entries(shape).toSorted(([a], [b]) => a.localeCompare(b)),
      batchSize,
      microBatchSize,
      gradientCheckpointing,
      trainedLayers,
      lora,
      engine,
      engineDevice,
      threads,
    ]);
  return key(one) === key(other);
}
