import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelSummary } from '../../shared/checkpoints/checkpoint.ts';
import type { ModelTask } from '../../shared/models/model-task.ts';
import { findModel, modelName, refusalOf } from './model-options.ts';
import { formatLoss, formatParameters } from '../format/format.ts';
import { Combobox } from '../components/combobox.tsx';

export interface ModelPickerProps {
  /** Where no Field labels it. */
  readonly label?: string;
  readonly models: readonly ModelSummary[];
  /** Of which the model must do one: any other is listed with the reason, and not to be chosen. Default: anything. */
  readonly tasks?: readonly ModelTask[] | undefined;
  /** A reference; one that is not among the models is shown as it is. */
  readonly value: string | undefined;
  readonly onChange: (reference: string) => void;
  readonly className?: string;
  readonly disabled?: boolean;
}

/** One of the project's models, found by its name, run or dataset. */
export function ModelPicker({
  label,
  models,
  tasks,
  value,
  onChange,
  className,
  disabled = false,
}: ModelPickerProps): JSX.Element {
  const { t } = useTranslation('models');
  const chosen = value === undefined ? undefined : findModel(models, value);
  const gone = value !== undefined && chosen === undefined;
  const options = [
    ...models.map((model) => {
      const refusal = refusalOf(model, tasks);
      return {
        value: model.reference,
        label: modelName(model),
        hint: refusal ?? factsOf(model),
        disabled: refusal !== undefined,
      };
    }),
    ...(gone ? [{ value, label: value, hint: t('pickerGone'), disabled: true }] : []),
  ];

  function factsOf({ label: named, reference, origin, loss, parameters, modelType }: ModelSummary): string {
    return [
      ...(named === undefined ? [] : [reference]),
      ...(origin.kind === 'run' && origin.best ? [t('best')] : []),
      ...(loss === undefined ? [] : [t('lossOf', { loss: formatLoss(loss) })]),
      origin.kind === 'run' ? origin.dataset : modelType,
      t('parametersOf', { parameters: formatParameters(parameters) }),
    ].join(' · ');
  }

  return (
    <Combobox
      label={label}
      value={chosen?.reference ?? value ?? null}
      onChange={(reference) => {
        if (reference !== null) onChange(reference);
      }}
      options={options}
      placeholder={t('pickerPlaceholder')}
      disabled={disabled}
      className={className ?? ''}
    />
  );
}
