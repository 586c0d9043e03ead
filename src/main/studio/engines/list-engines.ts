import type { EngineState, OfferedPack } from '../../../shared/engines/contract.ts';
import type { Launcher } from '../processes/launcher.ts';
import { withWorker, type WorkerClient } from '../processes/worker-client.ts';
import { LoamError } from '../../../shared/errors.ts';
import { listGraphicsProcessors } from '../hardware/graphics-processors.ts';
import { readBenchmarks } from './benchmarks.ts';
import type { EngineProcedures } from './engine-protocol.ts';
import { requireCard } from './engine-faults.ts';
import { describeOffer, offersFor, type PackOffer } from './pack-offers.ts';
import { findPack, packFolder } from './pack.ts';

let known: EngineState | undefined;

/** What can compute here, what could be installed, and why not. */
export async function listEngines(launcher: Launcher): Promise<readonly EngineState[]> {
  const [onnxRuntime, tensorFlow, benchmarks] = await Promise.all([
    known ?? checkOnnxRuntime(launcher),
    describeTensorFlow(),
    readBenchmarks(),
  ]);
  // What works goes on working; what fails may be mended while Loam runs.
  if (onnxRuntime.state === 'ready') known = onnxRuntime;
  return [onnxRuntime, tensorFlow].map((engine) => {
    const benchmark = benchmarks[engine.name];
    return benchmark === undefined ? engine : { ...engine, benchmark };
  });
}

/** The engine's library is loaded in a process of its own, so that it takes nobody with it. */
async function checkOnnxRuntime(launcher: Launcher): Promise<EngineState> {
  const name = 'onnxruntime';
  try {
    const { version } = await withWorker(
      launcher('engine'),
      'engine check',
      (worker: WorkerClient<EngineProcedures>) => worker.call('loadLibrary', { engine: name }),
    );
    return { name, version, state: 'ready' };
  } catch (error) {
    return { name, state: 'failing', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function describeTensorFlow(): Promise<EngineState> {
  const name = 'tensorflow';
  const folder = packFolder();
  const pack = await findPack(folder);
  switch (pack.state) {
    case 'installed': {
      const { version, deviceName, source, unknownFiles } = pack.manifest;
      return {
        name,
        state: 'ready',
        version,
        device: deviceName,
        source,
        ...(unknownFiles === undefined ? {} : { unknownFiles }),
        bytes: pack.bytes,
        folder,
      };
    }
    case 'broken':
      return { name, state: 'failing', reason: pack.reason, bytes: pack.bytes, folder };
    case 'absent':
      return offersFor(process.platform, process.arch).length > 0
        ? { name, state: 'installable' }
        : {
            name,
            state: 'impossible',
            reason: `There is no TensorFlow for ${process.platform} on ${process.arch}.`,
          };
    default:
      return pack satisfies never;
  }
}

/** What names an offer between a page and the studio. */
export function offerId({ way, device }: PackOffer): string {
  return `${way}-${device}`;
}

/** The packs that can be fetched for this machine, and what stands in the way. */
export async function listOffers(): Promise<readonly OfferedPack[]> {
  const cards = await listGraphicsProcessors();
  return offersFor(process.platform, process.arch).map((offer) => {
    const obstacle =
      offer.device === 'gpu' ? obstacleOf(() => requireCard(cards, offer.oldestDriver)) : undefined;
    return {
      id: offerId(offer),
      device: offer.device,
      version: offer.version,
      way: offer.way,
      description: describeOffer(offer),
      ...(obstacle === undefined ? {} : { obstacle }),
    };
  });
}

function obstacleOf(require: () => void): string | undefined {
  try {
    require();
    return undefined;
  } catch (error) {
    return error instanceof LoamError ? `${error.what} ${error.remedy}` : String(error);
  }
}

/** The offer behind an id. @throws LoamError when there is none */
export function requireOffer(id: string): PackOffer {
  const found = offersFor(process.platform, process.arch).find((offer) => offerId(offer) === id);
  if (found === undefined)
    throw new LoamError({
      kind: 'misuse',
      where: id,
      what: 'There is no such pack for this machine.',
      remedy: 'Choose one of those that are listed.',
    });
  return found;
}
