import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentDetails } from '../../../shared/datasets/document.ts';
import { longestEditedText } from '../../../shared/datasets/recipe.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { TextArea } from '../../components/text-area.tsx';
import type { Draft } from './drafts.ts';
import type { RecipeChanges } from './recipe-changes.ts';

export interface DocumentEditorProps {
  readonly document: DocumentDetails;
  readonly draft: Draft;
  readonly onDraft: (draft: Draft | undefined) => void;
  readonly recipe: RecipeChanges;
}

/** The text of a document while it is edited. Saving makes a step of the recipe; until then it is a draft. */
export function DocumentEditor({ document, draft, onDraft, recipe }: DocumentEditorProps): JSX.Element {
  const { t } = useTranslation('data');
  const { key, text } = document;
  const changed = draft.text !== draft.base;
  const save = (): void => {
    if (!changed) {
      onDraft(undefined);
      return;
    }
    recipe.change(
      { kind: 'add', step: { kind: 'editDocument', key, text: draft.text } },
      { said: t('saved'), onDone: () => onDraft(undefined) },
    );
  };
  return (
    <div className="flex min-h-80 shrink-0 grow flex-col gap-2">
      {draft.base !== text && (
        <Notice
          tone="warning"
          title={t('changedElsewhere')}
          actions={
            <>
              <Button size="small" onClick={() => onDraft(undefined)}>
                {t('conflictReload')}
              </Button>
              <Button size="small" variant="quiet" onClick={() => onDraft({ base: text, text: draft.text })}>
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
        onChange={(next) => onDraft({ base: draft.base, text: next })}
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
        <Button size="small" onClick={() => onDraft(undefined)}>
          {changed ? t('revert') : t('cancel')}
        </Button>
        {changed && <Badge tone="warning">{t('unsaved')}</Badge>}
      </div>
    </div>
  );
}
