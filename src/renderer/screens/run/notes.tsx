import { useMutation } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../client/client.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { TextArea } from '../../components/text-area.tsx';
import { toastError } from '../../components/toast.tsx';
import {
  arrived,
  beginDraft,
  isUnsaved,
  keepMine,
  saved,
  sending,
  takeTheirs,
  typed,
} from './notes-draft.ts';

/** How long a note rests before it is saved, in milliseconds. */
const rest = 700;

/** What a person remembers of a run: saved while she writes and when she leaves. */
export function Notes({ run, stored }: { readonly run: string; readonly stored: string }): JSX.Element {
  const { t } = useTranslation('run');
  const [draft, setDraft] = useState(() => beginDraft(stored));
  const [seen, setSeen] = useState(stored);
  if (seen !== stored) {
    setSeen(stored);
    setDraft((current) => arrived(current, stored));
  }
  const { mutate, isSuccess } = useMutation(
    api.runs.setNotes.mutationOptions({
      onError: toastError,
      onSuccess: (_nothing, { notes }) => setDraft((current) => saved(current, notes)),
    }),
  );
  const save = useEffectEvent(() => {
    if (!isUnsaved(draft)) return;
    setDraft(sending);
    mutate({ name: run, notes: draft.text, base: draft.base });
  });
  useEffect(() => {
    const timer = setTimeout(save, rest);
    return () => clearTimeout(timer);
  }, [draft.text, draft.base]);
  useEffect(() => () => save(), []);
  return (
    <div className="flex flex-col gap-2">
      <TextArea
        value={draft.text}
        onChange={(text) => setDraft((current) => typed(current, text))}
        aria-label={t('notes')}
        placeholder={t('notesPlaceholder')}
        rows={3}
      />
      {draft.theirs === undefined ? (
        <p role="status" className="h-5 text-right text-xs text-ink-faint">
          {isSuccess && draft.text === draft.base && t('notesSaved')}
        </p>
      ) : (
        <Notice tone="warning" title={t('notesElsewhere')}>
          <p className="mb-2 line-clamp-4 whitespace-pre-wrap">{draft.theirs}</p>
          <div className="flex flex-wrap gap-2">
            <Button size="small" onClick={() => setDraft(takeTheirs)}>
              {t('notesTakeTheirs')}
            </Button>
            <Button size="small" onClick={() => setDraft(keepMine)}>
              {t('notesKeepMine')}
            </Button>
          </div>
        </Notice>
      )}
    </div>
  );
}
