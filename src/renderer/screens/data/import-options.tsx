import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DatasetSummary } from '../../../shared/datasets/dataset.ts';
import { Checkbox } from '../../components/checkbox.tsx';
import { Explain } from '../../components/explain.tsx';
import { Field } from '../../components/field.tsx';
import { Select } from '../../components/select.tsx';
import { TextInput } from '../../components/text-input.tsx';

/** What a person settles besides the files themselves. */
export interface ImportChoices {
  readonly name: string;
  readonly replace: boolean;
  readonly keepInPlace: boolean;
  readonly leaveOutBad: boolean;
  readonly recipeOf: string | undefined;
}

export interface ImportOptionsProps {
  readonly choices: ImportChoices;
  readonly onChoices: (choices: ImportChoices) => void;
  readonly nameProblem: string | undefined;
  /** Whether a dataset of the name is there. */
  readonly taken: boolean;
  readonly into: string | undefined;
  /** Whether the files can stay where they are. */
  readonly canKeep: boolean;
  readonly hasBadRecords: boolean;
  readonly datasets: readonly DatasetSummary[];
}

/** The value that stands for no recipe; no dataset can be called that. */
const noRecipe = ' ';

export function ImportOptions(props: ImportOptionsProps): JSX.Element {
  const { choices, onChoices, nameProblem, taken, into, canKeep, hasBadRecords, datasets } = props;
  const { t } = useTranslation('data');
  const change = (changes: Partial<ImportChoices>): void => onChoices({ ...choices, ...changes });
  const withRecipe = datasets.filter(({ steps }) => steps > 0);
  return (
    <div className="flex flex-col gap-3">
      {into === undefined ? (
        <div className="grid grid-cols-2 gap-4">
          <Field label={t('importName')} error={nameProblem}>
            <TextInput
              value={choices.name}
              onChange={(name) => change({ name, replace: false })}
              spellCheck={false}
              autoComplete="off"
            />
          </Field>
          {withRecipe.length > 0 && (
            <Field label={t('importRecipe')} explain="data.recipe" hint={t('importRecipeHint')}>
              <Select
                value={choices.recipeOf ?? noRecipe}
                onChange={(name) => change({ recipeOf: name === noRecipe ? undefined : name })}
                options={[
                  { value: noRecipe, label: t('importRecipeNone') },
                  ...withRecipe.map(({ name, steps }) => ({
                    value: name,
                    label: name,
                    hint: t('steps', { count: steps }),
                  })),
                ]}
              />
            </Field>
          )}
        </div>
      ) : (
        <p className="text-ink-soft">{t('importAppendHint', { name: into })}</p>
      )}
      {taken && (
        <Checkbox
          label={t('importReplace')}
          hint={t('importNameTakenHint')}
          checked={choices.replace}
          onChange={(replace) => change({ replace })}
        />
      )}
      {hasBadRecords && (
        <Checkbox
          label={t('importLeaveOutBad')}
          hint={t('importLeaveOutBadHint')}
          checked={choices.leaveOutBad}
          onChange={(leaveOutBad) => change({ leaveOutBad })}
        />
      )}
      {canKeep && (
        <div className="flex items-start gap-1">
          <Checkbox
            label={t('importKeep')}
            hint={t('importKeepHint')}
            checked={choices.keepInPlace}
            onChange={(keepInPlace) => change({ keepInPlace })}
          />
          <Explain term="data.keepInPlace" />
        </div>
      )}
    </div>
  );
}
