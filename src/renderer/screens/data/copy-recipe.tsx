import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Select } from '../../components/select.tsx';
import type { RecipeChanges } from './recipe-changes.ts';

export interface CopyRecipeProps {
  readonly name: string;
  readonly recipe: RecipeChanges;
  readonly onClose: () => void;
}

/** Puts the steps of another dataset in the place of this one's. */
export function CopyRecipe({ name, recipe, onClose }: CopyRecipeProps): JSX.Element {
  const { t } = useTranslation('data');
  const datasets = useQuery(api.datasets.list.queryOptions());
  const others = (datasets.data ?? []).filter((each) => each.name !== name && each.steps > 0);
  const [chosen, setChosen] = useState<string>();
  const from = chosen ?? others[0]?.name;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="small"
      title={t('recipeCopyTitle')}
      description={others.length === 0 ? t('recipeCopyNone') : t('recipeCopyText')}
      actions={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            variant="primary"
            disabled={from === undefined}
            busy={recipe.busy}
            onClick={() => {
              if (from !== undefined)
                recipe.change({ kind: 'copy', from }, { said: t('recipeCopied'), onDone: onClose });
            }}
          >
            {t('recipeCopyStart')}
          </Button>
        </>
      }
    >
      {others.length > 0 && (
        <Field label={t('recipeCopyFrom')}>
          <Select
            value={from ?? null}
            onChange={setChosen}
            options={others.map((each) => ({
              value: each.name,
              label: each.name,
              hint: t('steps', { count: each.steps }),
            }))}
          />
        </Field>
      )}
    </Dialog>
  );
}
