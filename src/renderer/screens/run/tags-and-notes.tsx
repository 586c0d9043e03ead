import { useMutation } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunDetails } from '../../../shared/runs/run-details.ts';
import { tagSchema } from '../../../shared/runs/run.ts';
import { api } from '../../client/client.ts';
import { Card } from '../../components/card.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { toastError } from '../../components/toast.tsx';
import { Notes } from './notes.tsx';

/** What a person puts on a run to find it again and to remember what it was about. */
export function TagsAndNotes({ run }: { readonly run: RunDetails }): JSX.Element {
  const { t } = useTranslation('run');
  return (
    <Card title={t('notes')}>
      <div className="flex flex-col gap-2.5">
        <Tags run={run} />
        <Notes key={run.name} run={run.name} stored={run.notes} />
      </div>
    </Card>
  );
}

function Tags({ run }: { readonly run: RunDetails }): JSX.Element {
  const { t } = useTranslation('run');
  const [text, setText] = useState('');
  const save = useMutation(api.runs.changeTags.mutationOptions({ onError: toastError }));
  const { add = [], remove = [] } = save.isPending ? save.variables : {};
  const tags = [
    ...run.tags.filter((tag) => !remove.includes(tag)),
    ...add.filter((tag) => !run.tags.includes(tag)),
  ];
  const checked = tagSchema.safeParse(text);
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {tags.map((tag) => (
        <span
          key={tag}
          className="inline-flex h-6 items-center gap-1 rounded-full bg-accent-soft pr-1 pl-2.5 text-sm text-accent-text"
        >
          {tag}
          <button
            type="button"
            aria-label={t('removeTag', { tag })}
            onClick={() => save.mutate({ name: run.name, remove: [tag] })}
            className="flex size-4.5 items-center justify-center rounded-full hover:bg-hover"
          >
            <X aria-hidden className="size-3" />
          </button>
        </span>
      ))}
      <form
        className="min-w-28 flex-1"
        onSubmit={(event) => {
          event.preventDefault();
          if (!checked.success) return;
          if (!tags.includes(checked.data)) save.mutate({ name: run.name, add: [checked.data] });
          setText('');
        }}
      >
        <TextInput
          value={text}
          onChange={setText}
          aria-label={t('addTag')}
          placeholder={t('addTag')}
          title={t('tagHint')}
          className="h-7 text-sm"
        />
      </form>
    </div>
  );
}
