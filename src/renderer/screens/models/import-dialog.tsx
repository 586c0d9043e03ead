import { useMutation } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { artefactNameSchema } from '../../../shared/names.ts';
import { api } from '../../client/client.ts';
import { useDraft } from '../../client/draft.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { FolderInput } from '../../components/folder-input.tsx';
import { TextInput } from '../../components/text-input.tsx';

export interface ImportDialogProps {
  readonly onClose: () => void;
  readonly onStarted: (job: number) => void;
}

/** Brings a model folder of another program into the project. */
export function ImportDialog({ onClose, onStarted }: ImportDialogProps): JSX.Element {
  const { t } = useTranslation('models');
  const [folder = '', setFolder] = useDraft('model import folder');
  const [name = '', setName] = useDraft('model import name');
  const checked = name === '' ? undefined : artefactNameSchema.safeParse(name);
  const wrong = checked?.success === false ? checked.error.issues[0]?.message : undefined;
  const start = useMutation(
    api.checkpoints.import.mutationOptions({
      onSuccess: ({ job }) => {
        setFolder(undefined);
        setName(undefined);
        onStarted(job);
      },
    }),
  );
  const ready = folder.trim() !== '' && wrong === undefined;
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('importTitle')}
      description={t('importLead')}
      actions={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            variant="primary"
            busy={start.isPending}
            disabled={!ready}
            onClick={() => start.mutate({ folder: folder.trim(), ...(name === '' ? {} : { name }) })}
          >
            {t('importStart')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t('importFolder')} hint={t('importFolderHint')}>
          <FolderInput value={folder} onChange={setFolder} placeholder={t('importPlaceholder')} />
        </Field>
        <Field label={t('importName')} hint={t('importNameHint')} error={wrong}>
          <TextInput value={name} onChange={setName} maxLength={80} />
        </Field>
        <ErrorNotice error={start.error} />
      </div>
    </Dialog>
  );
}
