import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { artefactNameSchema } from '../../../shared/names.ts';
import { api } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { FolderInput } from '../../components/folder-input.tsx';
import { TextInput } from '../../components/text-input.tsx';
import type { ShowProject } from './use-open-project.ts';

export interface NewProjectDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onCreated: ShowProject;
}

/** A path of two parts, in the manner of the first. */
function joinPath(place: string, name: string): string {
  const separator = place.includes('\\') ? '\\' : '/';
  return `${place.replace(/[\\/]+$/, '')}${separator}${name}`;
}

/** Asks for a new project's name and place. */
export function NewProjectDialog({ open, onOpenChange, onCreated }: NewProjectDialogProps): JSX.Element {
  const { t } = useTranslation('start');
  const form = useId();
  const nameInput = useRef<HTMLInputElement>(null);
  const [name, setName] = useState('');
  const [chosenPlace, setPlace] = useState<string>();
  const places = useQuery(api.projects.places.queryOptions());
  const create = useMutation(
    api.projects.create.mutationOptions({
      onSuccess: (project) => {
        onOpenChange(false);
        setName('');
        onCreated(project);
      },
    }),
  );
  const place = chosenPlace ?? places.data?.projectsFolder ?? '';
  const wanted = name.trim();
  const problem = wanted === '' ? undefined : artefactNameSchema.safeParse(wanted).error?.issues[0]?.message;
  const submit = (): void => {
    if (wanted === '') return;
    if (problem !== undefined) {
      nameInput.current?.focus();
      return;
    }
    create.mutate(
      place === places.data?.projectsFolder ? { name: wanted } : { folder: joinPath(place, wanted) },
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        create.reset();
        onOpenChange(next);
      }}
      title={t('newTitle')}
      description={t('newText')}
      initialFocus={nameInput}
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('cancel', { ns: 'kit' })}</Button>
          <Button
            variant="primary"
            type="submit"
            form={form}
            busy={create.isPending}
            disabled={wanted === ''}
          >
            {t('create')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label={t('name')} hint={t('nameHint')} error={problem}>
          <TextInput ref={nameInput} value={name} onChange={setName} placeholder={t('namePlaceholder')} />
        </Field>
        <Field
          label={t('place')}
          hint={
            wanted === '' || problem !== undefined
              ? undefined
              : t('placeHint', { folder: joinPath(place, wanted) })
          }
        >
          <FolderInput value={place} onChange={setPlace} />
        </Field>
        <ErrorNotice error={create.error} />
      </form>
    </Dialog>
  );
}
