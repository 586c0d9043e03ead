import { useMutation } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelSummary } from '../../../shared/checkpoints/checkpoint.ts';
import { api } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { TextInput } from '../../components/text-input.tsx';

export interface LabelDialogProps {
  readonly model: ModelSummary;
  readonly onClose: () => void;
}

/** Gives a model a name of a person's choice. */
export function LabelDialog({ model, onClose }: LabelDialogProps): JSX.Element {
  const { t } = useTranslation('models');
  const [label, setLabel] = useState(model.label ?? '');
  const save = useMutation(api.checkpoints.label.mutationOptions({ onSuccess: onClose }));
  const submit = (): void => save.mutate({ reference: model.reference, label });
  return (
    <Dialog
      open
      size="small"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('renameTitle', { reference: model.reference })}
      actions={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" busy={save.isPending} onClick={submit}>
            {t('save')}
          </Button>
        </>
      }
    >
      <Field label={t('nameLabel')} hint={t('renameText')}>
        <TextInput
          value={label}
          onChange={setLabel}
          maxLength={120}
          onKeyDown={(event) => {
            if (event.key === 'Enter') submit();
          }}
        />
      </Field>
      <ErrorNotice error={save.error} className="mt-3" />
    </Dialog>
  );
}
