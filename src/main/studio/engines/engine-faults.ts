import type { GraphicsProcessor } from '../../../shared/hardware/contract.ts';
import type { PackDevice } from './pack-offers.ts';
import { LoamError } from '../../../shared/errors.ts';

/** @throws LoamError when there is no card of NVIDIA's, or its driver is too old */
export function requireCard(cards: readonly GraphicsProcessor[], oldestDriver?: string): void {
  const nvidia = cards.filter(({ name }) => name.startsWith('NVIDIA'));
  const [card] = nvidia;
  if (card === undefined)
    throw new LoamError({
      kind: 'environment',
      what: 'This pack computes on a card of NVIDIA’s, and none was found here.',
      remedy:
        'See that the card’s driver is installed (nvidia-smi lists it), or install the pack for the processor.',
    });
  if (card.driver === undefined)
    throw new LoamError({
      kind: 'environment',
      where: card.name,
      what: 'NVIDIA’s driver is not installed, or does not answer.',
      remedy: 'Install it (nvidia-smi lists the card then), or install the pack for the processor.',
    });
  if (oldestDriver !== undefined && compareVersions(card.driver, oldestDriver) < 0)
    throw new LoamError({
      kind: 'environment',
      where: card.name,
      what: `Its driver is version ${card.driver}, and this pack needs ${oldestDriver} or newer.`,
      remedy: 'Install a newer driver of NVIDIA’s, or the pack for the processor.',
    });
}

/**
 * The card that TensorFlow computes on, which does not say its name.
 * @param visible CUDA_VISIBLE_DEVICES; without it, the first is used (`llm/engines/tensorflow/environment.ts`)
 */
export function nameOfCard(
  cards: readonly GraphicsProcessor[],
  visible = process.env['CUDA_VISIBLE_DEVICES'] ?? '0',
): string {
  const nvidia = cards.filter(({ name }) => name.startsWith('NVIDIA'));
  return nvidia[Number.parseInt(visible, 10)]?.name ?? nvidia[0]?.name ?? 'NVIDIA graphics';
}

/** @throws LoamError when a pack for a card computes on the processor, which TensorFlow does where the card fails it */
export function requireOnCard(device: 'cpu' | 'gpu'): void {
  if (device === 'gpu') return;
  throw new LoamError({
    kind: 'environment',
    what: 'TensorFlow does not find the card, and would compute on the processor. The card is not there or hidden (CUDA_VISIBLE_DEVICES), its CUDA libraries are not all there, or the driver is too old for them.',
    remedy:
      'See that nvidia-smi lists the card, install the pack with CUDA or a newer driver of NVIDIA’s, or install the pack for the processor.',
    action: { do: 'installEngine', device: 'gpu' },
  });
}

/** Less than 0 where `a` is the older of two dotted versions. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What TensorFlow, the loader of libraries or the operating system say of a pack that does not work, in other words. */
const faults: readonly {
  readonly says: RegExp;
  readonly what: string;
  readonly remedy: string;
  /** Only of a pack for a card: one for the processor complains of these too, and does without. */
  readonly card?: true;
}[] = [
  {
    says: /SIGILL|compiled to use (\w+) instructions|instruction set/,
    what: 'This TensorFlow was compiled for instructions that this machine’s processor does not have (AVX, most likely).',
    remedy: 'Use the ONNX Runtime engine, which does without them.',
  },
  {
    card: true,
    says: /CUDA driver version is insufficient|driver.*too old|CUDA_ERROR_SYSTEM_DRIVER_MISMATCH/i,
    what: 'The driver of the card is too old for the CUDA libraries of this pack.',
    remedy: 'Install a newer driver of NVIDIA’s, or the pack for the processor.',
  },
  {
    card: true,
    says: /lib(cu\w+|nccl|nvrtc|nvJitLink)\S*: cannot open shared object|Could not (load|find).*(cuda|cudnn|cublas)/i,
    what: 'The CUDA libraries that this TensorFlow needs are not all there.',
    remedy: 'Install the pack with CUDA, or the pack for the processor.',
  },
  {
    says: /GLIBC_|GLIBCXX_|CXXABI_/,
    what: 'This TensorFlow needs a newer C or C++ library than this system has.',
    remedy: 'Install an older TensorFlow (from 2.13 on), or use the ONNX Runtime engine.',
  },
  {
    says: /undefined symbol|symbol lookup error/,
    what: 'The binding and this TensorFlow do not fit together.',
    remedy:
      'Give TensorFlow 2.13, 2.15, 2.18 or 2.20, with which Loam was tried, or use the ONNX Runtime engine.',
  },
  {
    card: true,
    says: /CUDA_ERROR_OUT_OF_MEMORY|failed to allocate .* from device/i,
    what: 'There is not enough memory free on the card.',
    remedy: 'Close what else uses the card (nvidia-smi lists it), or install the pack for the processor.',
  },
  {
    says: /SIGKILL|out of memory|OOM|ENOMEM/,
    what: 'The operating system ended the test of the engine: there was not enough memory.',
    remedy: 'Close other programs and try again.',
  },
];

/**
 * Puts what a self-test failed with into words for a person; nothing was installed then.
 * @param device what the pack is for
 */
export function explainSelfTest(error: unknown, device: PackDevice): LoamError {
  const text = describeFault(error);
  // How the process ended says more than what libraries wrote before: they complain of much that does not matter.
  const lastWords = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
  const possible = faults.filter(({ card }) => card === undefined || device === 'gpu');
  const fault =
    possible.find(({ says }) => says.test(text)) ?? possible.find(({ says }) => says.test(lastWords));
  return new LoamError(
    {
      kind: 'environment',
      what: fault?.what ?? `The engine did not pass its test. ${text}${quoteLast(lastWords)}`,
      remedy: fault?.remedy ?? 'Nothing was installed. Try another pack, or use the ONNX Runtime engine.',
    },
    { cause: error },
  );
}

/** What nobody here has words for is told in the library's own: the end of what it wrote. */
function quoteLast(words: string): string {
  const line = words
    .split('\n')
    .map((each) => each.trim())
    .findLast((each) => each !== '');
  if (line === undefined) return '';
  const end = line.length > longestQuote ? `… ${line.slice(-longestQuote)}` : line;
  return ` The last that it wrote: “${end}”.`;
}

/** Letters of a library's words that a person is shown. */
const longestQuote = 300;

/** What is wrong and where, without advice that was meant for another occasion. */
function describeFault(error: unknown): string {
  if (error instanceof LoamError)
    return error.where === undefined ? error.what : `${error.where}: ${error.what}`;
  return error instanceof Error ? error.message : String(error);
}
