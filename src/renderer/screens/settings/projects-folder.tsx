import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { FolderInput } from '../../components/folder-input.tsx';
import { useChangeSettings } from './use-change-settings.ts';

/** Where projects go that are given only a name. */
export function ProjectsFolder({ saved }: { readonly saved: string }): JSX.Element {
  const { t } = useTranslation('settings');
  const places = useQuery(api.projects.places.queryOptions());
  const change = useChangeSettings();
  const usual = places.data?.usualProjectsFolder ?? '';
  const current = saved === '' ? usual : saved;
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? current;
  const save = (folder: string): void =>
    change.mutate(
      { projectsFolder: folder === usual ? '' : folder },
      { onSuccess: () => setTyped(undefined) },
    );
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        save(shown.trim());
      }}
    >
      <Field label={t('projectsFolder')} hint={t('projectsFolderHint')}>
        <FolderInput value={shown} onChange={setTyped} />
      </Field>
      <div className="flex gap-2">
        <Button type="submit" busy={change.isPending} disabled={shown.trim() === current}>
          {t('save')}
        </Button>
        {shown !== usual && (
          <Button variant="quiet" onClick={() => save(usual)}>
            {t('useUsual')}
          </Button>
        )}
      </div>
      <ErrorNotice error={change.error} />
    </form>
  );
}
