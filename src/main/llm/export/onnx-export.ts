import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { writeJsonAtomically } from '../files/atomic-file.ts';
import { writeFolderAtomically } from '../files/atomic-folder.ts';
import { openModelFolder } from '../checkpoints/model-folder.ts';
import { readTextConventions, writeTextConventions } from '../checkpoints/text-conventions.ts';
import type { Engine } from '../engines/engine.ts';
import { openOnnxModelFile } from '../engines/onnxruntime/model-file.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { cannotDo } from '../../../shared/models/model-task.ts';
import { modelDeclarationOf } from '../../../shared/models/registry.ts';
import type { ExportGraph } from '../models/architecture.ts';
import { architectureOf } from '../models/registry.ts';
import { tasksOf } from '../models/tasks.ts';
import {
  checkpointLogits,
  compareLogits,
  comparisonIds,
  exportedLogits,
  type LogitsComparison,
} from './compare-logits.ts';
import { requireApart, requireExport, writeExportMark } from './export-mark.ts';
import { largestSingleFile, writeOnnxFiles } from './onnx-files.ts';

/** Differences above this share of the largest logit mean that the export is wrong, not that it rounds differently. */
const tolerance = 1e-3;

export interface OnnxExportOptions {
  /** A model folder in Hugging Face's form: a checkpoint. */
  readonly modelFolder: string;
  /** The folder to make; an earlier export that is there is replaced. */
  readonly outputFolder: string;
  readonly engine: Engine;
  /** Weights of more bytes than this are split off into a file of their own. Default: 256 MiB. */
  readonly singleFileBytes?: number;
  readonly onProgress?: (progress: {
    readonly phase: 'writing' | 'comparing';
    readonly share: number;
  }) => void;
}

export interface OnnxExport {
  readonly folder: string;
  readonly files: readonly string[];
  readonly bytes: number;
  readonly comparison: LogitsComparison;
  /** What reading the model undid or chose, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Exports a model as Optimum and transformers.js lay it out: `onnx/model.onnx` (and `onnx/model.onnx_data`), with
 * configuration and tokenizer beside it. The written file is run by ONNX Runtime, padded and with its cache, and compared with
 * the checkpoint before the folder gets its name.
 * @throws LoamError when the checkpoint cannot be read, the place not written, or the export does not compute the same
 */
export async function exportOnnx(options: OnnxExportOptions): Promise<OnnxExport> {
  const { modelFolder, outputFolder, engine, onProgress } = options;
  await requireApart(modelFolder, outputFolder);
  const model = await openModelFolder(modelFolder);
  try {
    const { shape, tokenizer, ids } = model;
    const special = { endOfText: tokenizer.endOfText, ids };
    const { graph, parameters } = exportGraphOf(shape, modelFolder);
    const config = architectureOf(shape).writeConfig(shape, special);
    const read = (name: string): Promise<Float32Array> => model.weights.read(name);
    let comparison: LogitsComparison | undefined;
    let bytes = 0;
    let files: string[] = [];
    const fill = async (folder: string): Promise<void> => {
      const onnxFolder = join(folder, 'onnx');
      await mkdir(onnxFolder);
      const written = await writeOnnxFiles(onnxFolder, {
        graph,
        parameters,
        read,
        singleFileBytes: options.singleFileBytes ?? largestSingleFile,
        metadata: { exported_by: 'loam', model_type: String(config['model_type']) },
        onProgress: (share) => onProgress?.({ phase: 'writing', share }),
      });
      bytes = written.bytes;
      await writeJsonAtomically(join(folder, 'config.json'), {
        ...config,
        'transformers.js_config': { dtype: 'fp32', use_external_data_format: written.external },
      });
      const texts = await writeTextConventions(
        folder,
        tokenizer,
        special,
        await readTextConventions(modelFolder),
      );
      files = ['config.json', ...[...texts.keys()].toSorted(), 'onnx/model.onnx'];
      if (written.external) files.push('onnx/model.onnx_data');

      onProgress?.({ phase: 'comparing', share: 0 });
      const sequence = comparisonIds(shape);
      const expected = await checkpointLogits(engine, shape, read, sequence);
      const program = await openOnnxModelFile(join(onnxFolder, 'model.onnx'), engine.description.threads);
      try {
        comparison = compareLogits(
          expected,
          await exportedLogits(engine, program, graph, shape, sequence),
          sequence.length,
        );
      } finally {
        await program.dispose();
      }
      onProgress?.({ phase: 'comparing', share: 1 });
      if (!(comparison.maximumDifference <= tolerance * Math.max(1, comparison.largestLogit))) {
        throw new LoamError({
          kind: 'environment',
          where: outputFolder,
          what: `The exported model does not compute what the checkpoint does: its logits differ by up to ${comparison.maximumDifference.toPrecision(3)}, so nothing was kept.`,
          remedy:
            'Evaluate the checkpoint; if what it writes is fine, this is a fault of Loam worth reporting.',
        });
      }
      await writeExportMark(folder);
    };
    await writeFolderAtomically(outputFolder, fill, { requireReplaceable: requireExport });
    return {
      folder: outputFolder,
      files,
      bytes,
      comparison: comparison!,
      notes: model.notes,
    };
  } finally {
    await model.close();
  }
}

/** @throws LoamError of kind 'input' when the architecture has no form for other programs */
function exportGraphOf(shape: ModelShape, where: string): ExportGraph {
  const tasks = tasksOf(shape);
  const writes = tasks.includes('generate');
  const graph = writes ? architectureOf(shape).exportGraph?.(shape, 'generate') : undefined;
  if (graph !== undefined) return graph;
  const kind = modelDeclarationOf(shape).modelType(shape);
  throw new LoamError({
    kind: 'input',
    where,
    what: `${writes ? '' : `${cannotDo('generate', tasks)} `}Models of the kind "${kind}"${writes ? '' : ' with such a use'} cannot be exported to ONNX.`,
    remedy: 'Export it as safetensors, which many programs read.',
  });
}
