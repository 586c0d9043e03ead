import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type JSX, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConfigurationIssue } from '../../../shared/runs/configuration-issue.ts';
import type { StartModelCard } from '../../../shared/runs/start-model.ts';
import { api } from '../../client/client.ts';
import { useDraft } from '../../client/draft.ts';
import { accountOf } from '../../client/error-account.ts';
import { useObjectives } from '../../client/objectives.ts';
import { findModel } from '../../models/model-options.ts';
import { ModelPicker } from '../../models/model-picker.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { FolderInput } from '../../components/folder-input.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';

export interface StartModelChoiceProps {
  /** What the run learns by; undefined for the usual. */
  readonly objective: string | undefined;
  /** The model that is chosen. */
  readonly model: StartModelCard | undefined;
  /** What speaks against it. */
  readonly refusals: readonly ConfigurationIssue[];
  /** Whether the person meant to go on. */
  readonly insists: boolean;
  readonly onChoose: (model: StartModelCard) => void;
}

/** The choice of the model to begin with: one of the project, or a folder. It is opened before it is taken. */
export function StartModelChoice({
  objective,
  model,
  refusals,
  insists,
  onChoose,
}: StartModelChoiceProps): JSX.Element {
  const { t } = useTranslation('new-model');
  const models = useQuery(api.checkpoints.listAll.queryOptions());
  const objectives = useObjectives();
  const [wanted, setWanted] = useState<'project' | 'folder'>();
  const [typed, setFolder] = useDraft('new model folder');
  const open = useMutation(api.runs.startModel.mutationOptions({ onSuccess: onChoose }));

  const known = models.data ?? [];
  // Until the project's models are known they are taken to be there: a choice that turned over by itself would lose a click.
  const isOfProject =
    models.data === undefined ||
    (model === undefined ? known.length > 0 : findModel(known, model.reference) !== undefined);
  const place = wanted ?? (isOfProject ? 'project' : 'folder');
  const folder = typed ?? (model === undefined || isOfProject ? '' : model.reference);
  const task = objectives.find(({ name }) => objective === undefined || name === objective)?.task;
  // The folder that is being looked at, or was refused, is not the model that is chosen.
  const asked = open.variables?.reference;
  const chosen = open.isPending ? asked : model?.reference;

  const choose = (reference: string): void => {
    if (reference !== '') open.mutate({ reference });
  };
  const error: ReactNode =
    open.error !== null ? (
      <Refusal error={open.error} />
    ) : refusals.length > 0 ? (
      refusals.map(({ rule, what, remedy }) => (
        <span key={rule} className="block wrap-anywhere">
          {what} {remedy}
        </span>
      ))
    ) : insists && model === undefined ? (
      t('startModelMissing')
    ) : undefined;

  return (
    <Card title={t('startModel')} explain="models.startModel">
      <div className="flex flex-col items-start gap-3">
        <SegmentedControl
          label={t('startPlace')}
          value={place}
          onChange={(next) => {
            setWanted(next);
            open.reset();
          }}
          size="medium"
          options={[
            { value: 'project', label: t('startOfProject') },
            { value: 'folder', label: t('startFolder') },
          ]}
        />
        {models.error !== null && (
          <ErrorNotice error={models.error} onRetry={() => void models.refetch()} className="w-full" />
        )}
        {place === 'project' ? (
          <Field
            label={t('startModelField')}
            hint={known.length === 0 && models.isSuccess ? t('startNoModels') : t('startModelHint')}
            error={error}
            className="w-full"
          >
            <ModelPicker
              models={known}
              tasks={task === undefined ? undefined : [task]}
              value={chosen}
              onChange={choose}
              disabled={open.isPending || known.length === 0}
            />
          </Field>
        ) : (
          <Field
            label={t('startFolderField')}
            hint={
              model !== undefined && folder.trim() !== model.reference
                ? t('startModelIs', { model: model.reference })
                : t('startFolderHint')
            }
            error={error}
            className="w-full"
          >
            <div
              className="flex w-full min-w-0 flex-wrap gap-2 sm:flex-nowrap"
              onKeyDown={(event) => {
                // Enter looks at the folder, and does not go on to the next step.
                if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
                event.preventDefault();
                choose(folder.trim());
              }}
            >
              <FolderInput
                value={folder}
                onChange={(next) => {
                  setFolder(next);
                  open.reset();
                }}
                placeholder={t('startFolderPlaceholder')}
              />
              <Button
                busy={open.isPending}
                disabled={folder.trim() === '' || folder.trim() === model?.reference}
                onClick={() => choose(folder.trim())}
              >
                {t('startUseFolder')}
              </Button>
            </div>
          </Field>
        )}
      </div>
    </Card>
  );
}

/** Why a model was not taken, as one paragraph. */
function Refusal({ error }: { readonly error: Error }): JSX.Element {
  const { where, what, remedy } = accountOf(error);
  return (
    <span className="block wrap-anywhere">
      {where !== undefined && <span className="font-mono">{where}: </span>}
      {what} {remedy}
    </span>
  );
}
