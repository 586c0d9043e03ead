import { engineTitles } from '../../../../shared/engines/engine.ts';
import { assertNever } from '../../../../shared/errors.ts';
import { takeTurnForMeasuring } from '../../training/turn.ts';
import { withoutProject } from '../implement.ts';
import { measureEngines } from '../../engines/measure-engines.ts';
import { usualEngine } from '../../engines/usual-engine.ts';
import { askSizes } from '../../engines/download.ts';
import { installPack, type PackOrigin } from '../../engines/install-pack.ts';
import { listEngines, listOffers, requireOffer } from '../../engines/list-engines.ts';
import { removePack } from '../../engines/pack-place.ts';
import { findPack, packFolder } from '../../engines/pack.ts';

export const enginesProcedures = {
  list: withoutProject.engines.list.handler(async ({ context }) => ({
    engines: [...(await listEngines(context.studio.launcher))],
    offers: [...(await listOffers())],
    usual: await usualEngine('training'),
  })),
  work: withoutProject.engines.work.handler(async ({ context }) => {
    const work = context.studio.engines.current();
    const installed = work?.kind === 'installation' && work.status === 'completed';
    // What another process removed since is not told to be installed.
    return installed && (await findPack()).state === 'absent' ? null : (work ?? null);
  }),
  size: withoutProject.engines.size.handler(async ({ input, signal }) => {
    const offer = requireOffer(input.offer);
    switch (offer.way) {
      case 'pip':
        return offer.wheels.reduce((sum, { bytes }) => sum + bytes, 0);
      case 'download':
        return (await askSizes(offer.urls, signal)) ?? null;
      default:
        return assertNever(offer);
    }
  }),
  install: withoutProject.engines.install.handler(({ context, input }) => {
    const { studio } = context;
    const origin: PackOrigin =
      'offer' in input
        ? { kind: 'offer', offer: requireOffer(input.offer) }
        : { kind: 'files', paths: [input.path], onlyKnown: true };
    studio.engines.start('installation', ({ signal, report }) =>
      installPack({ origin, launcher: studio.launcher, signal, report, clock: () => new Date() }),
    );
  }),
  benchmark: withoutProject.engines.benchmark.handler(({ context }) => {
    const { studio } = context;
    studio.engines.requireIdle();
    const turn = takeTurnForMeasuring();
    studio.engines.start('benchmark', async ({ signal, report }) => {
      try {
        await measureEngines({
          launcher: studio.launcher,
          signal,
          onProgress: ({ engine, stage, done, total }) =>
            report({ stage: `${engineTitles[engine]}: ${stages[stage]}`, done, total }),
          clock: () => new Date(),
        });
      } finally {
        turn.release();
      }
    });
  }),
  cancel: withoutProject.engines.cancel.handler(({ context }) => context.studio.engines.cancel()),
  remove: withoutProject.engines.remove.handler(async ({ context }) => ({
    freedBytes: await context.studio.engines.alone(() => removePack(packFolder())),
  })),
};

const stages = {
  matrices: 'a product of matrices',
  training: 'a training step',
  writing: 'writing',
} as const;
