import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronUp, Pencil, X } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentDetails } from '../../../shared/datasets/document.ts';
import { api } from '../../client/client.ts';
import { formatCount } from '../../format/format.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { Loading } from '../../components/loading.tsx';
import { Notice } from '../../components/notice.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import { DocumentEditor } from './document-editor.tsx';
import { useDraft } from './drafts.ts';
import { languageName } from './language-name.ts';
import { ReadText } from './read-text.tsx';
import type { RecipeChanges } from './recipe-changes.ts';

export interface DocumentPanelProps {
  readonly name: string;
  readonly documentKey: string;
  /** Its place in the table, where it was opened from there. */
  readonly index: number | undefined;
  readonly count: number;
  readonly recipe: RecipeChanges;
  /** What is searched in the texts. */
  readonly sought: string;
  readonly onMove: (by: number) => void;
  readonly onOpenKey: (key: string) => void;
  readonly onClose: () => void;
}

/** One document: read, edit, leave out, go to the next. */
export function DocumentPanel(props: DocumentPanelProps): JSX.Element {
  const { name, documentKey, index, count, onMove, onClose } = props;
  const { t } = useTranslation('data');
  const document = useQuery(api.datasets.document.queryOptions({ input: { name, key: documentKey } }));
  const { data } = document;
  return (
    <section
      aria-label={t('documentTitle', { place: data === undefined ? '' : formatCount(data.id + 1) })}
      className="flex min-h-0 w-[46%] max-w-3xl shrink-0 flex-col overflow-hidden rounded-lg border border-line bg-surface shadow-card"
    >
      <header className="flex min-h-11 items-center gap-1 border-b border-line px-3">
        <h2 className="min-w-0 flex-1 truncate font-semibold">
          {data !== undefined && t('documentTitle', { place: formatCount(data.id + 1) })}
          {data !== undefined && (
            <span className="ml-2 font-normal text-ink-faint">
              {data.source}:{data.place}
            </span>
          )}
        </h2>
        {index !== undefined && (
          <span className="figures mr-1 text-sm whitespace-nowrap text-ink-faint">
            {t('documentOf', { index: formatCount(index + 1), all: formatCount(count) })}
          </span>
        )}
        <IconButton
          icon={ChevronUp}
          label={t('previous')}
          disabled={index === 0}
          onClick={() => onMove(-1)}
        />
        <IconButton
          icon={ChevronDown}
          label={t('next_document')}
          disabled={index === count - 1}
          onClick={() => onMove(1)}
        />
        <IconButton icon={X} label={t('closeDocument')} onClick={onClose} />
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-4">
        <ErrorNotice error={document.error} onRetry={() => void document.refetch()} />
        {document.isPending && <Loading />}
        {data !== undefined && <Content key={data.key} {...props} document={data} />}
      </div>
    </section>
  );
}

function Content({
  name,
  document,
  recipe,
  sought,
  onOpenKey,
}: DocumentPanelProps & { readonly document: DocumentDetails }): JSX.Element {
  const { t } = useTranslation('data');
  const { key, state, flags, characters, words, language, label, fields, originalText, textWithoutEdit } =
    document;
  const [shown, setShown] = useState<'now' | 'original'>('now');
  const [draft, setDraft] = useDraft(name, key);
  const excluded = state === 'excluded';
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5 text-sm text-ink-faint">
        {state !== 'included' && <Badge tone={excluded ? 'neutral' : 'info'}>{t(`state_${state}`)}</Badge>}
        {flags.map((flag) => (
          <Badge key={flag} tone="warning">
            {t(`flag_${flag}`)}
          </Badge>
        ))}
        {label !== undefined && <Badge tone="accent">{label}</Badge>}
        <span className="figures">
          {t('charactersCount', { count: characters, counted: formatCount(characters) })} ·{' '}
          {t('wordsCount', { count: words, counted: formatCount(words) })} ·{' '}
          {languageName(language) ?? t('languageUnknown')}
        </span>
        <span className="ml-auto flex gap-2">
          {originalText !== undefined && (
            <SegmentedControl
              label={t('textOfDocument')}
              value={shown}
              onChange={setShown}
              options={[
                { value: 'now', label: t('showEdited') },
                { value: 'original', label: t('showOriginal') },
              ]}
            />
          )}
          {draft === undefined && !document.shortened && shown === 'now' && (
            <Button
              size="small"
              icon={Pencil}
              onClick={() => setDraft({ base: document.text, text: document.text })}
            >
              {t('edit')}
            </Button>
          )}
          <Button
            size="small"
            busy={recipe.busy}
            onClick={() =>
              recipe.change(
                {
                  kind: 'add',
                  step: { kind: excluded ? 'includeDocuments' : 'excludeDocuments', keys: [key] },
                },
                { said: t(excluded ? 'includedToast' : 'excludedToast', { count: 1, counted: '1' }) },
              )
            }
          >
            {excluded ? t('include') : t('exclude')}
          </Button>
        </span>
      </div>
      {document.excludedBy !== undefined && (
        <Notice tone="info">{t('excludedByStep', { step: document.excludedBy + 1 })}</Notice>
      )}
      {document.duplicateOf !== undefined && (
        <Notice
          tone="warning"
          actions={
            <Button size="small" onClick={() => onOpenKey(document.duplicateOf ?? key)}>
              {t('showDuplicate')}
            </Button>
          }
        >
          {t('duplicateOf')}
        </Notice>
      )}
      {document.suspicion !== undefined && <Notice tone="warning">{document.suspicion}</Notice>}
      {shown === 'original' && originalText !== undefined ? (
        <>
          <p className="whitespace-pre-wrap text-ink-soft wrap-anywhere">{originalText}</p>
          {textWithoutEdit !== undefined && (
            <div>
              <Button
                size="small"
                busy={recipe.busy}
                onClick={() =>
                  recipe.change(
                    { kind: 'add', step: { kind: 'editDocument', key, text: textWithoutEdit } },
                    { said: t('restored'), onDone: () => setShown('now') },
                  )
                }
              >
                {t('restoreOriginal')}
              </Button>
            </div>
          )}
        </>
      ) : draft === undefined ? (
        <>
          {document.shortened && (
            <Notice tone="info">{t('shortened', { characters: formatCount(characters) })}</Notice>
          )}
          <ReadText text={document.text} sought={sought} />
        </>
      ) : (
        <DocumentEditor document={document} draft={draft} onDraft={setDraft} recipe={recipe} />
      )}
      {fields.length > 0 && (
        <details className="rounded-md border border-line">
          <summary className="px-3 py-1.5 text-sm font-medium">{t('fields')}</summary>
          <dl className="grid grid-cols-[8rem_1fr] gap-x-3 gap-y-1.5 border-t border-line px-3 py-2 text-sm">
            {fields.map((field) => (
              <div key={field.name} className="contents">
                <dt className="truncate text-ink-faint" title={field.name}>
                  {field.name}
                  <span className="block text-xs">{t(`role_${field.role}`)}</span>
                </dt>
                <dd className="max-h-32 overflow-y-auto whitespace-pre-wrap wrap-anywhere">{field.value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </>
  );
}
