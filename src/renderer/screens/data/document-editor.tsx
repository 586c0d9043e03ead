import { Pencil } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentDetails } from '../../../shared/datasets/document.ts';
import { longestEditedText } from '../../../shared/datasets/recipe.ts';
import { formatCount } from '../../app/format.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { TextArea } from '../../components/text-area.tsx';
import { findDraft, keepDraft, type Draft } from './drafts.ts';
import type { RecipeChanges } from './recipe-changes.ts';

export interface DocumentEditorProps {
  readonly dataset: string;
  readonly document: DocumentDetails;
  readonly recipe: RecipeChanges;
}

/** The text of a document, to be read, and after a press to be edited. */
export function DocumentEditor({ dataset, document, recipe }: DocumentEditorProps): JSX.Element {
  const { t } = useTranslation('data');
  const { key, text, shortened, characters } = document;
  const [draft, setDraft] = useState(() => findDraft(dataset, key));
  const change = (next: Draft | undefined): void => {
    setDraft(next);
    keepDraft(dataset, key, next === undefined || next.text === next.base ? undefined : next);
  };
  if (draft === undefined)
    return (
      <>
        {shortened ? (
          <Notice tone="info">{t('shortened', { characters: formatCount(characters) })}</Notice>
        ) : (
          <div>
            <Button size="small" icon={Pencil} onClick={() => change({ base: text, text })}>
              {t('edit')}
            </Button>
          </div>
        )}
        {text === '' ? (
          <p className="text-ink-faint italic">{t('emptyDocument')}</p>
        ) : (
          <p className="whitespace-pre-wrap wrap-anywhere">{text}</p>
        )}
      </>
    );
  const changed = draft.text !== draft.base;
  const save = (): void => {
    if (!changed) {
      change(undefined);
      return;
    }
    recipe.change(
      { kind: 'add', step: { kind: 'editDocument', key, text: draft.text } },
      { said: t('saved'), onDone: () => change(undefined) },
    );
  };
  return (
    <div className="flex min-h-80 flex-1 flex-col gap-2">
      {draft.base !== text && (
        <Notice
          tone="warning"
          title={t('changedElsewhere')}
          actions={
            <>
              <Button size="small" onClick={() => change(undefined)}>
                {t('conflictReload')}
              </Button>
              <Button size="small" variant="quiet" onClick={() => change({ base: text, text: draft.text })}>
                {t('keepMine')}
              </Button>
            </>
          }
        >
          {t('changedElsewhereText')}
        </Notice>
      )}
      <TextArea
        aria-label={t('textOfDocument')}
        value={draft.text}
        autoFocus
        maxLength={longestEditedText}
        className="min-h-64 flex-1 resize-none"
        onChange={(next) => change({ base: draft.base, text: next })}
        onKeyDown={(event) => {
          if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          save();
        }}
      />
      <div className="flex items-center gap-2">
        <Button
          size="small"
          variant="primary"
          busy={recipe.busy}
          disabled={draft.base !== text}
          title={t('saveHint')}
          onClick={save}
        >
          {t('save')}
        </Button>
        <Button size="small" onClick={() => change(undefined)}>
          {changed ? t('revert') : t('cancel')}
        </Button>
        {changed && <Badge tone="warning">{t('unsaved')}</Badge>}
      </div>
    </div>
  );
}
