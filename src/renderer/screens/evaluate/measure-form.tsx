import { useMutation, useQuery } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelSummary } from '../../../shared/checkpoints/checkpoint.ts';
import {
  evaluationSplits,
  type EvaluationSplit,
  type Familiarity,
} from '../../../shared/evaluations/evaluation.ts';
import { api } from '../../client/client.ts';
import { useObjectives } from '../../client/objectives.ts';
import { findModel, refusalOf, useHeldModel } from '../../models/model-options.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Combobox } from '../../components/combobox.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { ModelPicker } from '../../models/model-picker.tsx';
import { Select } from '../../components/select.tsx';
import { FamiliarityBadge } from './familiarity-badge.tsx';

export interface MeasureFormProps {
  readonly models: readonly ModelSummary[];
  readonly datasets: readonly { readonly name: string }[];
  readonly checkpoint: string | undefined;
  readonly dataset: string | undefined;
  readonly onChange: (changes: {
    readonly checkpoint?: string | undefined;
    readonly dataset?: string | undefined;
  }) => void;
  readonly onStarted: (job: number) => void;
}

const partLabels = {
  validation: 'partValidation',
  train: 'partTrain',
  all: 'partAll',
} as const satisfies Record<EvaluationSplit, string>;

const familiarityTexts = {
  keptAside: 'keptAsideText',
  trainedOn: 'trainedOnText',
  partlyTrainedOn: 'partlyTrainedOnText',
  new: 'newText',
  unknown: 'unknownText',
} as const satisfies Record<Familiarity, string>;

/** Chooses a model, a dataset and its part, and says beforehand what the text is to the model. */
export function MeasureForm({
  models,
  datasets,
  checkpoint,
  dataset,
  onChange,
  onStarted,
}: MeasureFormProps): JSX.Element {
  const { t } = useTranslation('evaluate');
  // A model is measured at an objective whose task it can do.
  const measured = useObjectives().map(({ task }) => task);
  const reference = useHeldModel(models, checkpoint, measured);
  const model = reference === undefined ? undefined : findModel(models, reference);
  const refusal = refusalOf(model, measured);
  const own = model?.origin.kind === 'run' ? model.origin.dataset : undefined;
  const isOffered = (wanted: string | undefined): boolean => datasets.some(({ name }) => name === wanted);
  const chosenDataset = dataset ?? (isOffered(own) ? own : datasets[0]?.name);
  const known = isOffered(chosenDataset);
  const [chosenSplit, setChosenSplit] = useState<EvaluationSplit>();
  const preview = useQuery({
    ...api.evaluations.preview.queryOptions({
      input: { checkpoint: reference ?? '', dataset: chosenDataset ?? '' },
    }),
    enabled: model !== undefined && known && refusal === undefined,
  });
  const split = chosenSplit ?? preview.data?.split;
  const familiarity = split === undefined ? undefined : preview.data?.familiarity[split];
  const run = useMutation(api.evaluations.run.mutationOptions({ onSuccess: ({ job }) => onStarted(job) }));
  return (
    <Card title={t('measure')} explain="evaluation.evaluation">
      <div className="flex flex-wrap items-end gap-4">
        <Field label={t('model')} error={refusal} className="w-64">
          <ModelPicker
            models={models}
            tasks={measured}
            value={reference}
            onChange={(chosen) => onChange({ checkpoint: chosen })}
          />
        </Field>
        <Field label={t('dataset')} className="w-56">
          <Combobox
            value={chosenDataset ?? null}
            onChange={(name) => onChange({ dataset: name ?? undefined })}
            options={datasets.map(({ name }) => ({ value: name, label: name }))}
            placeholder={t('chooseDataset')}
          />
        </Field>
        <Field label={t('part')} explain="evaluation.split" className="w-56">
          <Select<EvaluationSplit>
            value={split ?? null}
            onChange={setChosenSplit}
            options={evaluationSplits.map((value) => ({
              value,
              label: t(partLabels[value]),
              hint: value === preview.data?.split ? t('usualFor') : undefined,
            }))}
          />
        </Field>
        <Button
          variant="primary"
          icon={Gauge}
          busy={run.isPending}
          disabled={model === undefined || !known || refusal !== undefined}
          onClick={() =>
            run.mutate({
              checkpoint: reference ?? '',
              dataset: chosenDataset ?? '',
              ...(split === undefined ? {} : { split }),
            })
          }
        >
          {t('start')}
        </Button>
      </div>
      {familiarity !== undefined && (
        <p className="mt-3 flex flex-wrap items-center gap-2 text-ink-soft">
          <FamiliarityBadge familiarity={familiarity} />
          {t(
            familiarity === 'partlyTrainedOn' && preview.data?.sameFiles === true
              ? split === 'all' && preview.data.split === 'validation'
                ? 'bothPartsText'
                : 'otherRecipeText'
              : familiarityTexts[familiarity],
          )}
        </p>
      )}
      <ErrorNotice error={run.error ?? preview.error} className="mt-3" />
    </Card>
  );
}
