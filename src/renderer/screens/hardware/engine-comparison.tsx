import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineState } from '../../../shared/engines/contract.ts';
import { engineTitles } from '../../../shared/engines/engine.ts';
import { formatNumber } from '../../format/format.ts';
import { compareEngines } from './compare-engines.ts';

const shown = (times: number): string => formatNumber(times, times < 9.95 ? 1 : 0);

/** Which engine is the faster one here, in a sentence; nothing before two were measured. */
export function EngineComparison({
  engines,
}: {
  readonly engines: readonly EngineState[];
}): JSX.Element | null {
  const { t } = useTranslation('hardware');
  const leads = compareEngines(engines);
  if (leads === undefined) return null;
  const { training, writing } = leads;
  const words = {
    trainer: engineTitles[training.first],
    training: shown(training.times),
    writer: engineTitles[writing.first],
    writing: shown(writing.times),
  };
  const sentence = (): string => {
    if (training.alike && writing.alike) return t('fasterInNone');
    if (training.alike) return t('fasterInWriting', { ...words, other: engineTitles[writing.second] });
    const other = engineTitles[training.second];
    if (writing.alike) return t('fasterInTraining', { ...words, other });
    return training.first === writing.first
      ? t('fasterInBoth', { ...words, other })
      : t('fasterInOneEach', words);
  };
  return <p className="border-b border-line px-4 py-2.5 font-medium">{sentence()}</p>;
}
