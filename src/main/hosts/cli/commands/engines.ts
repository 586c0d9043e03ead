import { engineTitles } from '../../../../shared/engines/engine.ts';
import { LoamError } from '../../../../shared/errors.ts';
import { requireCard } from '../../../studio/engines/engine-faults.ts';
import { listGraphicsProcessors } from '../../../studio/hardware/graphics-processors.ts';
import { readSettings } from '../../../studio/settings/settings.ts';
import { installPack, type PackOrigin } from '../../../studio/engines/install-pack.ts';
import { describeOffer, offersFor, type PackOffer } from '../../../studio/engines/pack-offers.ts';
import { askSizes } from '../../../studio/engines/download.ts';
import { removePack } from '../../../studio/engines/pack-place.ts';
import { findPack, packFolder, type InstalledPack, type PackManifest } from '../../../studio/engines/pack.ts';
import { forkLauncher } from '../../../studio/processes/launcher.ts';
import type { CommandContext, Perform, Program } from '../command.ts';
import { confirm } from '../confirm.ts';
import { formatBytes, formatTable } from '../format.ts';

export function addEngineCommands(program: Program, perform: Perform): void {
  const engine = program
    .command('engine')
    .summary('what computes: list, install, remove')
    .description(
      'ONNX Runtime comes along with Loam. TensorFlow, which computes on a card of NVIDIA’s too, is installed when you ask for it.',
    );

  engine
    .command('list')
    .summary('list the engines, and what can be installed here')
    .action(() =>
      perform(async ({ terminal }) => {
        const pack = await findPack();
        const offers = offersFor(process.platform, process.arch);
        terminal.result(
          {
            engines: [
              { name: 'onnxruntime', state: 'ready' },
              { name: 'tensorflow', ...pack, folder: packFolder() },
            ],
            offers: offers.map((offer) => ({ ...offer, description: describeOffer(offer) })),
          },
          [
            formatTable(
              ['engine', 'state', 'what it is'],
              [
                ['onnxruntime', 'ready', `${engineTitles.onnxruntime}, on the processor`],
                ['tensorflow', stateOf(pack), describePack(pack)],
              ],
            ),
            ...(pack.state === 'installed'
              ? []
              : ['', 'To be had here:', ...offers.map((offer) => `  ${describeOffer(offer)}`)]),
          ].join('\n'),
        );
      }),
    );

  engine
    .command('install')
    .summary('install an engine')
    .argument('<name>', 'tensorflow')
    .option('--gpu', 'for a card of NVIDIA’s, instead of the processor')
    .option('--from <path>', 'a wheel of TensorFlow, an archive of libtensorflow, or a folder of them')
    .option('--download', 'TensorFlow.js’s own libraries, instead of those that pip brings')
    .option('--python <path>', 'the Python whose pip fetches (default: python3, python)')
    .option('--yes', 'do not ask before anything is fetched')
    .addHelpText(
      'after',
      '\nExamples:\n  loam engine install tensorflow\n  loam engine install tensorflow --gpu\n  loam engine install tensorflow --from tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    )
    .action((name, options) =>
      perform(async (context) => {
        requireTensorFlow(name);
        const { terminal } = context;
        const beside = (['gpu', 'download', 'python'] as const).filter(
          (option) => options[option] !== undefined,
        );
        if (options.from !== undefined && beside.length > 0)
          throw new LoamError({
            kind: 'misuse',
            what: `--from and --${beside.join(', --')} do not go together: the file says what it is, and nothing is fetched.`,
            remedy: 'Leave one of them out.',
          });
        const { stop } = context.interrupts('Stopping …');
        const origin: PackOrigin | undefined =
          options.from === undefined
            ? await chooseOffer(context, options, stop)
            : { kind: 'files', paths: [options.from], onlyKnown: false };
        if (origin === undefined) return;
        const manifest = await installPack({
          origin,
          launcher: forkLauncher,
          signal: stop,
          clock: () => new Date(),
          report: ({ stage, done, total }) =>
            terminal.draw(
              done === undefined
                ? `${stage} …`
                : `${stage}: ${formatBytes(done)}${total === undefined ? '' : ` of ${formatBytes(total)}`}`,
            ),
        });
        terminal.result(
          manifest,
          `TensorFlow ${manifest.version} is installed and passed its test on ${manifest.deviceName}.${noteUnknown(manifest)}\nTrain with it: loam train … --engine tensorflow. For everything: loam settings engine=tensorflow`,
        );
      }),
    );

  engine
    .command('remove')
    .summary('remove an engine that was installed')
    .argument('<name>', 'tensorflow')
    .action((name) =>
      perform(async ({ terminal }) => {
        requireTensorFlow(name);
        const { state } = await findPack();
        const freedBytes = await removePack(packFolder());
        if (state === 'absent' && freedBytes === 0)
          throw new LoamError({
            kind: 'input',
            what: 'The TensorFlow engine is not installed.',
            remedy: 'There is nothing to remove.',
          });
        const { engine: chosen } = await readSettings();
        terminal.result(
          { freedBytes },
          [
            state === 'absent'
              ? `What an installation that was cut short had left is removed; ${formatBytes(freedBytes)} are free now.`
              : `The TensorFlow engine is removed; ${formatBytes(freedBytes)} are free now.`,
            ...(chosen === 'tensorflow'
              ? ['The settings still ask for it. To leave the choice to Loam: loam settings engine=auto']
              : []),
          ].join('\n'),
        );
      }),
    );
}

interface InstallOptions {
  readonly gpu?: true | undefined;
  readonly download?: true | undefined;
  readonly python?: string | undefined;
  readonly yes?: true | undefined;
}

/** The offer that the options mean, after saying what it fetches and asking. */
async function chooseOffer(
  { terminal }: CommandContext,
  options: InstallOptions,
  signal: AbortSignal,
): Promise<PackOrigin | undefined> {
  const { gpu, download, python, yes } = options;
  const device = gpu === true ? 'gpu' : 'cpu';
  const offers = offersFor(process.platform, process.arch).filter((offer) => offer.device === device);
  const offer = offers.find(({ way }) => way === (download === true ? 'download' : 'pip')) ?? offers[0];
  if (offer === undefined)
    throw new LoamError({
      kind: 'environment',
      what: `There is no TensorFlow for ${gpu === true ? 'a card on ' : ''}${process.platform} on ${process.arch}.`,
      remedy: 'Use the ONNX Runtime engine.',
    });
  // Before anybody is asked about gigabytes that would be of no use here.
  if (offer.device === 'gpu')
    requireCard(await listGraphicsProcessors(), offer.way === 'pip' ? offer.oldestDriver : undefined);
  const present = await findPack();
  if (present.state === 'installed')
    terminal.say(
      `TensorFlow ${present.manifest.version} is installed, on ${present.manifest.deviceName}; another takes its place when it has passed its test.`,
    );
  terminal.say(await describeFetching(offer, signal));
  if (yes !== true && !(await confirm('Fetch it?', commandOf(options), signal))) {
    terminal.say('Nothing was fetched.');
    return undefined;
  }
  return { kind: 'offer', offer, python };
}

/** The command with the same options that does not ask. */
function commandOf({ gpu, download, python }: InstallOptions): string {
  return [
    'loam engine install tensorflow',
    ...(gpu === true ? ['--gpu'] : []),
    ...(download === true ? ['--download'] : []),
    ...(python === undefined ? [] : [`--python "${python}"`]),
    '--yes',
  ].join(' ');
}

async function describeFetching(offer: PackOffer, signal: AbortSignal): Promise<string> {
  if (offer.way === 'pip') return describeOffer(offer);
  const bytes = await askSizes(offer.urls, signal);
  return `${describeOffer(offer)}${bytes === undefined ? '' : `, ${formatBytes(bytes)}`}`;
}

/** What is said of files that Loam could not hold against a checksum of its own. */
function noteUnknown({ unknownFiles = [] }: PackManifest): string {
  return unknownFiles.length === 0
    ? ''
    : `\nLoam has no checksum of its own for ${unknownFiles.join(', ')}: that it is what it should be rests on where you have it from.`;
}

function requireTensorFlow(name: string): void {
  if (name !== 'tensorflow')
    throw new LoamError({
      kind: 'misuse',
      where: name,
      what: 'There is no such engine to install or remove.',
      remedy: 'Name tensorflow. ONNX Runtime comes along with Loam.',
    });
}

function stateOf(pack: InstalledPack): string {
  switch (pack.state) {
    case 'installed':
      return 'ready';
    case 'absent':
      return 'not installed';
    case 'broken':
      return 'broken';
    default:
      return pack satisfies never;
  }
}

function describePack(pack: InstalledPack): string {
  switch (pack.state) {
    case 'installed':
      return `TensorFlow ${pack.manifest.version}, on ${pack.manifest.deviceName}; ${formatBytes(pack.bytes)}`;
    case 'absent':
      return 'TensorFlow';
    case 'broken':
      return `TensorFlow: ${pack.reason} Install it anew, or remove it.`;
    default:
      return pack satisfies never;
  }
}
