import { TriangleAlert } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatNumber } from '../../format/format.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Figure } from '../../components/figure.tsx';
import { Loading } from '../../components/loading.tsx';
import { Notice } from '../../components/notice.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import { useEncoding } from './encoding.ts';
import { TextPanel, type TextPanelProps } from './text-panel.tsx';
import { TokenFacts } from './token-facts.tsx';
import { TokenStrip, type TokenDetail } from './token-strip.tsx';

export interface TryViewProps extends TextPanelProps {
  readonly name: string;
}

/** A text and its tokens by one tokenizer. */
export function TryView({ name, text, onText }: TryViewProps): JSX.Element {
  const { t } = useTranslation('tokenizers');
  const encoding = useEncoding(name, text);
  const [detail, setDetail] = useState<TokenDetail>('ids');
  const [current, setCurrent] = useState<number>();
  const tokens = encoding.data?.tokens ?? [];
  const unknown = tokens.filter(({ kind }) => kind === 'unknown').length;
  const token = current === undefined ? undefined : tokens[current];
  return (
    <div className="flex flex-col gap-4">
      <TextPanel text={text} onText={onText} />
      <ErrorNotice error={encoding.error} onRetry={() => void encoding.refetch()} />
      {encoding.data !== undefined && encoding.error === null && (
        <>
          <div className="flex flex-wrap items-end gap-x-8 gap-y-2">
            <Figure label={t('figureTokens')} explain="tokenizers.token" value={formatCount(tokens.length)} />
            <Figure
              label={t('figureTokensPerWord')}
              explain="tokenizers.tokensPerWord"
              value={formatNumber(ratio(tokens.length, encoding.data.words))}
            />
            <Figure
              label={t('figureBytesPerToken')}
              explain="tokenizers.bytesPerToken"
              value={formatNumber(ratio(encoding.data.bytes, tokens.length))}
            />
            <Figure
              label={t('figureRestored')}
              explain="tokenizers.restored"
              value={
                encoding.data.restored ? (
                  t('yes')
                ) : (
                  <span className="inline-flex items-center gap-1.5 text-warning">
                    <TriangleAlert aria-hidden className="size-4" />
                    {t('no')}
                  </span>
                )
              }
            />
            <div className="ml-auto">
              <SegmentedControl
                label={t('show')}
                value={detail}
                onChange={setDetail}
                options={[
                  { value: 'text', label: t('showText') },
                  { value: 'ids', label: t('showIds') },
                  { value: 'bytes', label: t('showBytes') },
                ]}
              />
            </div>
          </div>
          {!encoding.data.restored && (
            <Notice tone="warning" title={t('changedTitle')}>
              {unknown > 0
                ? t('changedByUnknown', { count: unknown, counted: formatCount(unknown) })
                : t('changedByRules')}
            </Notice>
          )}
          {tokens.length === 0 ? (
            <p className="py-6 text-center text-ink-faint">{t('noTokens')}</p>
          ) : (
            <>
              <div className="sticky top-0 z-10 bg-surface pt-2 pb-1">
                <TokenFacts token={token} index={current} count={tokens.length} />
              </div>
              <TokenStrip
                label={t('tokensLabel')}
                tokens={tokens}
                detail={detail}
                current={token === undefined ? undefined : current}
                onCurrent={setCurrent}
              />
            </>
          )}
        </>
      )}
      {encoding.isPending && <Loading />}
    </div>
  );
}

/** Null where there is nothing to divide by. */
function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
