import { Link } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenizerDetails } from '../../../shared/tokenizers/tokenizer.ts';
import { formatAgo, formatBytes, formatCount } from '../../format/format.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Figure } from '../../components/figure.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { CompareView } from './compare-view.tsx';
import { DeleteTokenizer } from './delete-tokenizer.tsx';
import type { TokenizerView as View } from './search.ts';
import { kindName } from './tokenizer-list.tsx';
import { TryView } from './try-view.tsx';
import { VocabularyView } from './vocabulary-view.tsx';

export interface TokenizerViewProps {
  readonly tokenizer: TokenizerDetails;
  readonly tokenizers: readonly TokenizerDetails[];
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly other: string | undefined;
  readonly onOther: (name: string) => void;
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** One tokenizer: what it is, and what it does to a text. */
export function TokenizerView(props: TokenizerViewProps): JSX.Element {
  const { tokenizer, tokenizers, view, onView, other, onOther, text, onText } = props;
  const { t } = useTranslation('tokenizers');
  const [deleting, setDeleting] = useState(false);
  const { name, kind, vocabularySize, dataset, runs, bytes, createdAt, hash } = tokenizer;
  return (
    <div className="p-4">
      <header className="mb-3 flex items-start gap-3">
        <h2 className="flex min-w-0 flex-1 flex-wrap items-center gap-2.5 text-lg font-semibold">
          <span className="min-w-0 truncate">{name}</span>
          <Badge>{t(kindName(kind))}</Badge>
        </h2>
        <Button size="small" variant="quiet" icon={Trash2} onClick={() => setDeleting(true)}>
          {t('delete')}
        </Button>
      </header>
      <div className="mb-4 flex flex-wrap gap-x-10 gap-y-3">
        <Figure
          label={t('figureVocabulary')}
          explain="tokenizers.vocabularySize"
          value={formatCount(vocabularySize)}
        />
        <Figure
          label={t('learnedFrom')}
          value={
            dataset === undefined ? (
              t('imported')
            ) : (
              <Link to="/data" search={{ dataset }} className="link">
                {dataset}
              </Link>
            )
          }
        />
        <Figure
          label={t('usedBy')}
          value={
            runs.length === 0 ? (
              t('usedByNone')
            ) : (
              <Link to="/runs" className="link" title={runs.join(', ')}>
                {t('runs', { count: runs.length })}
              </Link>
            )
          }
        />
        <Figure label={t('size')} value={formatBytes(bytes)} />
        <Figure label={t('created')} value={formatAgo(createdAt)} />
      </div>
      <Tabs
        label={t('views')}
        value={view}
        onChange={onView}
        tabs={[
          {
            value: 'try',
            label: t('viewTry'),
            content: <TryView key={name} name={name} text={text} onText={onText} />,
          },
          {
            value: 'compare',
            label: t('viewCompare'),
            content: (
              <CompareView
                name={name}
                other={other}
                onOther={onOther}
                tokenizers={tokenizers}
                text={text}
                onText={onText}
              />
            ),
          },
          {
            value: 'vocabulary',
            label: t('viewVocabulary'),
            content: <VocabularyView key={name} name={name} hash={hash} />,
          },
        ]}
      />
      <DeleteTokenizer tokenizer={tokenizer} open={deleting} onOpenChange={setDeleting} />
    </div>
  );
}
