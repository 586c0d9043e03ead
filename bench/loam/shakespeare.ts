import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readDocuments } from '../../src/main/llm/data/text-files.ts';
import { openTokenShards, writeTokenShards } from '../../src/main/llm/data/token-shards.ts';
import { createOnnxRuntimeEngine } from '../../src/main/llm/engines/onnxruntime/engine.ts';
import { nextToken } from '../../src/main/llm/objectives/next-token/objective.ts';
import { countParameters } from '../../src/main/llm/models/registry.ts';
import { trainTokenizer } from '../../src/main/llm/tokenizers/train.ts';
import { train } from '../../src/main/llm/training/train.ts';
import { parseConfiguration } from '../../src/shared/runs/configuration-schema.ts';
import type { Calibration, EvaluationMetrics } from '../../src/shared/runs/events.ts';
import { presets, resolveModelShape } from '../../src/shared/models/registry.ts';
import { peakMemoryBytes, readParameters, reportResult } from './parameters.ts';

/** The preset shakespeare-char from the text file to the trained model, as the product does it. */
const { text, threads, steps } = readParameters() as { text: string; threads: number; steps: number };
const begin = performance.now();
const preset = presets().find(({ name }) => name === 'shakespeare-char')?.configuration;
const configuration = parseConfiguration({ ...preset, training: { ...preset?.training, steps } });
const folder = await mkdtemp(join(tmpdir(), 'loam-bench-'));
const files = [{ path: text, name: basename(text) }];

async function* texts() {
  for await (const { text } of readDocuments(files)) yield text;
}
const tokenizer = await trainTokenizer({ documents: texts(), ...configuration.tokenizer });
const { split: mode, validationFraction } = configuration.data;
const tokens = join(folder, 'tokens');
await writeTokenShards({
  documents: readDocuments(files),
  tokenizer,
  folder: tokens,
  split: { mode, validationFraction, seed: configuration.training.seed },
});
const data = await openTokenShards(tokens);
const engine = await createOnnxRuntimeEngine({ threads });
const shape = resolveModelShape(configuration.model, tokenizer);
const evaluations: EvaluationMetrics[] = [];
let calibration: Calibration | undefined;
const trainingBegins = performance.now();
const { end } = await train({
  engine,
  shape,
  tokenizer,
  objective: nextToken,
  data,
  configuration: configuration.training,
  folder: join(folder, 'run'),
  provenance: {},
  resume: 'fresh',
  signal: new AbortController().signal,
  clock: () => performance.now() / 1000,
  onEvent: (event) => {
    if (event.type === 'calibrated') ({ calibration } = event);
    if (event.type === 'evaluated') evaluations.push(event.metrics);
  },
});
const trained = performance.now();
const peakBytes = peakMemoryBytes();
await engine.dispose();
data.close();
await rm(folder, { recursive: true, force: true });
const last = evaluations.at(-1);
if (end !== 'completed' || last === undefined || !last.complete)
  throw new Error(`The run ended early: ${end}.`);
reportResult({
  validationLoss: last.loss,
  validationTokens: last.predictions,
  seconds: (trained - begin) / 1000,
  trainingSeconds: (trained - trainingBegins) / 1000,
  parameters: countParameters(shape),
  peakBytes,
  microBatchSize: calibration?.microBatchSize,
});
