import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentRow } from '../../../shared/datasets/document.ts';
import { formatCount } from '../../format/format.ts';
import { Badge } from '../../components/badge.tsx';
import type { VirtualColumn } from '../../components/virtual-column.ts';
import { languageName } from './language-name.ts';
import { MarkedText } from './marked-text.tsx';

/**
 * The columns of the table of documents; fewer while one of them is open beside it, and with what is searched marked.
 * @param unsaved the keys of those that were edited and not saved.
 */
export function useDocumentColumns(
  narrow: boolean,
  sought: string,
  unsaved: ReadonlySet<string>,
): readonly VirtualColumn<DocumentRow>[] {
  const { t } = useTranslation('data');
  return useMemo(() => {
    const position: VirtualColumn<DocumentRow> = {
      id: 'position',
      title: '#',
      width: '4.25rem',
      align: 'end',
      sortable: true,
      render: ({ id }) => <span className="text-ink-faint">{formatCount(id + 1)}</span>,
    };
    const text: VirtualColumn<DocumentRow> = {
      id: 'text',
      title: t('columnText'),
      width: narrow ? 'minmax(14rem, 1fr)' : 'minmax(20rem, 1fr)',
      render: ({ preview, state }) =>
        preview.trim() === '' ? (
          <span className="text-ink-faint italic">{t('emptyDocument')}</span>
        ) : (
          <bdi className={state === 'excluded' ? 'line-through decoration-line-strong' : ''}>
            <MarkedText text={preview} sought={sought} />
          </bdi>
        ),
    };
    const characters: VirtualColumn<DocumentRow> = {
      id: 'characters',
      title: t('columnLength'),
      width: '5.75rem',
      align: 'end',
      sortable: true,
      render: (row) => formatCount(row.characters),
    };
    const state: VirtualColumn<DocumentRow> = {
      id: 'state',
      title: t('columnState'),
      width: '6.5rem',
      render: (row) => {
        const [flag, ...more] = row.flags;
        return (
          <span
            className="flex items-center gap-1 overflow-hidden"
            title={row.flags.map((each) => t(`flag_${each}`)).join(', ')}
          >
            {unsaved.has(row.key) && <Badge tone="warning">{t('unsaved')}</Badge>}
            {row.state !== 'included' && (
              <Badge tone={row.state === 'excluded' ? 'neutral' : 'info'}>{t(`state_${row.state}`)}</Badge>
            )}
            {row.state === 'included' && flag !== undefined && (
              <Badge tone="warning">{t(`flag_${flag}`)}</Badge>
            )}
            {row.state === 'included' && more.length > 0 && (
              <span className="text-sm text-warning">+{more.length}</span>
            )}
          </span>
        );
      },
    };
    // Beside an open document what is sought needs the room.
    if (narrow) return sought === '' ? [position, text, characters, state] : [position, text, state];
    return [
      position,
      text,
      state,
      {
        id: 'label',
        title: t('columnLabel'),
        width: 'minmax(5rem, 0.15fr)',
        sortable: true,
        render: ({ label }) => label,
      },
      {
        id: 'language',
        title: t('columnLanguage'),
        width: '5.5rem',
        sortable: true,
        render: ({ language }) => languageName(language) ?? <span className="text-ink-faint">–</span>,
      },
      {
        id: 'source',
        title: t('columnSource'),
        width: 'minmax(7rem, 0.25fr)',
        sortable: true,
        render: ({ source, place }) => (
          <span title={`${source}:${place}`}>
            {source}
            <span className="text-ink-faint">:{place}</span>
          </span>
        ),
      },
      characters,
    ];
  }, [t, narrow, sought, unsaved]);
}
