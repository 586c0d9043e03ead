import { useMutation } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../client/client.ts';
import { useWrongRunName } from './use-wrong-run-name.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Field } from '../components/field.tsx';
import { TextInput } from '../components/text-input.tsx';
import { toast } from '../components/toast.tsx';

export interface RenameDialogProps {
  readonly name: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onRenamed: (name: string) => void;
}

/** Gives a run another name. */
export function RenameDialog(props: RenameDialogProps): JSX.Element {
  const { t } = useTranslation('run');
  return (
    <Dialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      title={t('renameTitle', { name: props.name })}
      size="small"
    >
      <RenameForm {...props} />
    </Dialog>
  );
}

function RenameForm({ name, onOpenChange, onRenamed }: RenameDialogProps): JSX.Element {
  const { t } = useTranslation('run');
  const [wanted, setWanted] = useState(name);
  const rename = useMutation(
    api.runs.rename.mutationOptions({
      onSuccess: () => {
        toast({ title: t('renamed', { name: to }), tone: 'success' });
        onOpenChange(false);
        onRenamed(to);
      },
    }),
  );
  const to = wanted.trim();
  const wrongName = useWrongRunName(wanted);
  const wrong = to === name ? undefined : wrongName;
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (to !== '' && to !== name && wrong === undefined) rename.mutate({ name, to });
      }}
    >
      <Field label={t('renameLabel')} hint={t('renameHint')} error={wrong}>
        <TextInput value={wanted} onChange={setWanted} />
      </Field>
      <ErrorNotice error={rename.error} />
      <div className="flex justify-end">
        <Button
          type="submit"
          variant="primary"
          busy={rename.isPending}
          disabled={to === '' || to === name || wrong !== undefined}
        >
          {t('rename')}
        </Button>
      </div>
    </form>
  );
}
