import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { withTexts, type DatasetSummary } from '../../../shared/datasets/dataset.ts';
import { artefactNameSchema, freeName } from '../../../shared/names.ts';
import type { TokenizerDetails } from '../../../shared/tokenizers/tokenizer.ts';
import { vocabularyParameters } from '../../../shared/tokenizers/vocabulary-cost.ts';
import { api } from '../../client/client.ts';
import { formatBytes, formatCount, formatParameters } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Loading } from '../../components/loading.tsx';
import { NumberInput } from '../../components/number-input.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import { Select } from '../../components/select.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { usualDataset } from './usual-dataset.ts';
import {
  largestVocabulary,
  smallestVocabulary,
  suggestedVocabulary,
  usualVocabularies,
} from '../../../shared/tokenizers/vocabulary-suggestion.ts';

export interface TrainDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** The dataset chosen at first. */
  readonly dataset: string | undefined;
  readonly tokenizers: readonly TokenizerDetails[];
  readonly onStarted: (job: number) => void;
}

/** The form for a new tokenizer. */
export function TrainDialog(props: TrainDialogProps): JSX.Element {
  const { open, onOpenChange } = props;
  const { t } = useTranslation('tokenizers');
  const datasets = useQuery(api.datasets.list.queryOptions({ select: withTexts }));
  if (datasets.data !== undefined && datasets.data.length > 0)
    return open ? <TrainForm {...props} datasets={datasets.data} /> : <></>;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('trainTitle')}
      {...(datasets.data === undefined ? {} : { description: t('emptyNoData') })}
      actions={
        datasets.data !== undefined && (
          <LinkButton to="/data" variant="primary">
            {t('toData')}
          </LinkButton>
        )
      }
    >
      <ErrorNotice error={datasets.error} onRetry={() => void datasets.refetch()} />
      {datasets.isPending && <Loading />}
    </Dialog>
  );
}

/** The width of a middling model, by which the cost of a vocabulary is told. */
const exampleWidth = 384;

function TrainForm({
  open,
  onOpenChange,
  dataset: wanted,
  tokenizers,
  onStarted,
  datasets,
}: TrainDialogProps & { readonly datasets: readonly DatasetSummary[] }): JSX.Element {
  const { t } = useTranslation('tokenizers');
  const [dataset, setDataset] = useState(
    () => datasets.find((each) => each.name === wanted)?.name ?? usualDataset(datasets, tokenizers) ?? '',
  );
  const chosen = datasets.find((each) => each.name === dataset);
  const suggested = suggestedVocabulary(chosen?.bytes ?? 0);
  const [kind, setKind] = useState<'bpe' | 'char'>('bpe');
  const [ownSize, setSize] = useState<number | null>();
  const [minimum, setMinimum] = useState<number | null>(2);
  const [ownName, setName] = useState<string>();
  const size = ownSize === undefined ? suggested : ownSize;
  const taken = new Set(tokenizers.map(({ name }) => name));
  const name =
    ownName ?? freeName(kind === 'char' ? `${dataset}-char` : `${dataset}-bpe-${size ?? suggested}`, taken);

  const train = useMutation(
    api.tokenizers.train.mutationOptions({
      onSuccess: ({ job }) => {
        onStarted(job);
        onOpenChange(false);
      },
    }),
  );
  const nameProblem = taken.has(name)
    ? t('nameTaken')
    : artefactNameSchema.safeParse(name).error?.issues[0]?.message;
  const sizeProblem =
    kind === 'bpe' &&
    (size === null || !Number.isInteger(size) || size < smallestVocabulary || size > largestVocabulary)
      ? t('vocabularyRange', { from: formatCount(smallestVocabulary), to: formatCount(largestVocabulary) })
      : undefined;
  const minimumProblem =
    kind === 'bpe' && (minimum === null || !Number.isInteger(minimum) || minimum < 1)
      ? t('minimumFrequencyWrong')
      : undefined;
  const ready =
    chosen !== undefined &&
    nameProblem === undefined &&
    sizeProblem === undefined &&
    minimumProblem === undefined;
  const start = (): void => {
    if (!ready) return;
    train.mutate({
      name,
      dataset,
      configuration: { kind, vocabularySize: size ?? suggested, minimumFrequency: minimum ?? 2 },
    });
  };

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('trainTitle')}
      description={t('trainLead')}
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('cancel')}</Button>
          <Button variant="primary" disabled={!ready} busy={train.isPending} onClick={start}>
            {t('start')}
          </Button>
        </>
      }
    >
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <Field label={t('dataset')} explain="data.dataset">
          <Select
            value={dataset}
            onChange={setDataset}
            placeholder={t('chooseDataset')}
            options={datasets.map((each) => ({
              value: each.name,
              label: each.name,
              hint: t(each.files === 1 ? 'datasetHintOne' : 'datasetHint', {
                bytes: formatBytes(each.bytes),
                files: formatCount(each.files),
              }),
            }))}
          />
        </Field>
        <Field
          label={t('kind')}
          explain="tokenizers.kind"
          hint={t(kind === 'bpe' ? 'kindBpeText' : 'kindCharText')}
        >
          <SegmentedControl
            label={t('kind')}
            value={kind}
            onChange={setKind}
            size="medium"
            options={[
              { value: 'bpe', label: t('kindBpe') },
              { value: 'char', label: t('kindChar') },
            ]}
          />
        </Field>
        {kind === 'bpe' && (
          <div className="grid grid-cols-[1fr_12rem] gap-4">
            <Field
              label={t('vocabularySize')}
              explain="tokenizers.vocabularySize"
              error={sizeProblem}
              hint={t('vocabularyHint', {
                bytes: formatBytes(chosen?.bytes),
                suggested: formatCount(suggested),
                size: formatCount(size),
                parameters: formatParameters(vocabularyParameters(size ?? 0, exampleWidth, true)),
                width: exampleWidth,
              })}
            >
              <NumberInput
                value={size}
                onChange={setSize}
                min={smallestVocabulary}
                max={largestVocabulary}
                step={256}
                unit={t('vocabularyUnit')}
              />
              <div className="flex flex-wrap gap-1">
                {usualVocabularies.map((usual) => (
                  <Button
                    key={usual}
                    size="small"
                    variant={usual === size ? 'secondary' : 'quiet'}
                    aria-pressed={usual === size}
                    aria-label={t('vocabularyUse', { size: formatCount(usual) })}
                    onClick={() => setSize(usual)}
                  >
                    {formatCount(usual)}
                  </Button>
                ))}
              </div>
            </Field>
            <Field label={t('minimumFrequency')} explain="tokenizers.minimumFrequency" error={minimumProblem}>
              <NumberInput
                value={minimum}
                onChange={setMinimum}
                min={1}
                max={1_000_000}
                unit={t('minimumFrequencyUnit')}
              />
            </Field>
          </div>
        )}
        <Field label={t('name')} error={nameProblem}>
          <TextInput value={name} onChange={setName} spellCheck={false} autoComplete="off" />
        </Field>
        <ErrorNotice error={train.error} />
        <button type="submit" className="sr-only" tabIndex={-1} aria-hidden>
          {t('start')}
        </button>
      </form>
    </Dialog>
  );
}
