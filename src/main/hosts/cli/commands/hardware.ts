import { engineTitles } from '../../../../shared/engines/engine.ts';
import { measureEngines } from '../../../studio/engines/measure-engines.ts';
import { usualEngine } from '../../../studio/engines/usual-engine.ts';
import { listEngines } from '../../../studio/engines/list-engines.ts';
import { describeMachine } from '../../../studio/hardware/machine.ts';
import { forkLauncher } from '../../../studio/processes/launcher.ts';
import { takeTurnForMeasuring } from '../../../studio/training/turn.ts';
import type { Perform, Program } from '../command.ts';
import { formatBytes, formatTable } from '../format.ts';

export function addHardwareCommand(program: Program, perform: Perform): void {
  program
    .command('hardware')
    .summary('what this machine has, and what each engine does on it')
    .option('--benchmark', 'measure the engines first, each twice (a minute or less)')
    .addHelpText('after', '\nExamples:\n  loam hardware\n  loam hardware --benchmark')
    .action(({ benchmark = false }) =>
      perform(async (context) => {
        const { terminal } = context;
        if (benchmark) {
          const turn = takeTurnForMeasuring();
          try {
            const { stop } = context.interrupts('Stopping …');
            await measureEngines({
              launcher: forkLauncher,
              signal: stop,
              onProgress: ({ engine, stage, done, total }) =>
                terminal.draw(`${engineTitles[engine]}: ${stage} (${done + 1} of ${total}) …`),
              clock: () => new Date(),
            });
          } finally {
            turn.release();
          }
        }
        const [machine, engines, usual, usualWriting] = await Promise.all([
          describeMachine(),
          listEngines(forkLauncher),
          usualEngine('training'),
          usualEngine('writing'),
        ]);
        const number = (value: number | undefined, unit: string): string =>
          value === undefined ? '' : `${value < 100 ? value.toPrecision(3) : Math.round(value)} ${unit}`;
        terminal.result(
          { ...machine, engines, usualEngine: usual, usualEngineForWriting: usualWriting },
          [
            `${machine.processor}, ${machine.cores} cores (${machine.instructionSets.join(', ') || machine.architecture}), ${formatBytes(machine.memoryBytes)} of memory, ${formatBytes(machine.freeMemoryBytes)} free; ${machine.operatingSystem}`,
            ...(machine.graphicsProcessors.length === 0
              ? ['No graphics processor was found.']
              : machine.graphicsProcessors.map(
                  ({ name, memoryBytes, driver }) =>
                    `${name}${memoryBytes === undefined ? '' : `, ${formatBytes(memoryBytes)}`}${driver === undefined ? '' : `, driver ${driver}`}`,
                )),
            '',
            formatTable(
              ['engine', 'state', 'version', 'matrices', 'a training step', 'writing'],
              engines.map(({ name, state, version = '', reason, benchmark: kept }) => [
                name,
                reason === undefined ? state : `${state}: ${reason}`,
                version,
                number(kept?.matrixGigaflops, 'GFLOP/s'),
                number(kept === undefined ? undefined : 1000 * kept.secondsPerStep, 'ms'),
                number(kept?.tokensPerSecond, 'tokens/s'),
              ]),
            ),
            '',
            `Where nothing else is chosen, ${engineTitles[usual]} trains and ${usual === usualWriting ? '' : `${engineTitles[usualWriting]} `}writes.`,
            ...(engines.some(({ state, benchmark: kept }) => state === 'ready' && kept === undefined)
              ? ['Measure them with: loam hardware --benchmark']
              : []),
            ...(engines.some(({ name, state }) => name === 'tensorflow' && state === 'installable')
              ? ['To install the other: loam engine install tensorflow']
              : []),
          ].join('\n'),
        );
      }),
    );
}
