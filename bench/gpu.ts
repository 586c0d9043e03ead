import { requireCard } from '../src/main/studio/engines/engine-faults.ts';
import { requireInstalled } from '../src/main/studio/engines/pack.ts';
import { listGraphicsProcessors } from '../src/main/studio/hardware/graphics-processors.ts';
import { LoamError } from '../src/shared/errors.ts';
import { measureModel, modelTable, type ModelTimes } from './engines.ts';
import type { Benchmark } from './harness/context.ts';
import type { Presentation } from './harness/presentation.ts';

interface CardTimes {
  readonly card: string;
  readonly tensorflow: string;
  readonly models: readonly ModelTimes[];
}

/** A training step on a card, beside TensorFlow.js used by hand on the card and ONNX Runtime on the processor. */
export const gpu: Benchmark<CardTimes> = {
  name: 'gpu',
  summary: 'a training step on a card of NVIDIA’s (needs the pack with CUDA), beside the processor',
  withoutPeers: true,
  async run(context) {
    const cards = await listGraphicsProcessors();
    requireCard(cards);
    const { device, deviceName, version } = await requireInstalled();
    if (device !== 'gpu')
      throw new LoamError({
        kind: 'environment',
        what: 'The installed TensorFlow engine computes on the processor.',
        remedy: 'Install the one for a card: npm run loam -- engine install tensorflow --gpu',
      });
    const models: ModelTimes[] = [];
    for (const name of context.options.models) models.push(await measureModel(context, name));
    return { card: deviceName, tensorflow: version, models };
  },
  present: ({ card, tensorflow, models }): Presentation => ({
    title: `On a card: ${card}`,
    tables: models.map(modelTable),
    notes: [
      `TensorFlow ${tensorflow} computes on the card, ONNX Runtime on the processor; otherwise as under “Engines”. Peak memory is that of the process, not of the card.`,
    ],
  }),
};
