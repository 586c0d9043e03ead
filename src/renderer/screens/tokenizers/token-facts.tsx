import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { EncodedToken } from '../../../shared/tokenizers/encoding.ts';
import { formatCount } from '../../format/format.ts';
import { Badge } from '../../components/badge.tsx';
import { Explain } from '../../components/explain.tsx';
import { spacedBytes, visibleText } from './token-appearance.ts';

export interface TokenFactsProps {
  readonly token: EncodedToken | undefined;
  readonly index: number | undefined;
  readonly count: number;
}

/** All about the token that is pointed at. It keeps its height, so that nothing jumps. */
export function TokenFacts({ token, index, count }: TokenFactsProps): JSX.Element {
  const { t } = useTranslation('tokenizers');
  if (token === undefined || index === undefined)
    return (
      <p className="flex min-h-12 items-center rounded-md bg-sunken px-3 py-1.5 text-sm text-ink-faint">
        {t('hint')}
      </p>
    );
  return (
    <dl
      aria-live="polite"
      className="flex min-h-12 flex-wrap items-center gap-x-6 gap-y-1 rounded-md bg-sunken px-3 py-1.5 text-sm"
    >
      <Fact name={t('tokenPlace', { index: formatCount(index + 1), all: formatCount(count) })}>
        <bdi className="font-mono text-base wrap-anywhere">{visibleText(token) || t('unusedToken')}</bdi>
      </Fact>
      <Fact
        name={
          <>
            {t('tokenId')}
            <Explain term="tokenizers.tokenId" />
          </>
        }
      >
        <span className="figures font-mono">{token.id}</span>
      </Fact>
      <Fact
        name={
          <>
            {t('tokenBytes')}
            <Explain term="tokenizers.tokenBytes" />
          </>
        }
      >
        <span className="font-mono">{spacedBytes(token.bytes) || '–'}</span>
      </Fact>
      <Fact name={t('tokenRange')}>
        <span className="figures">
          {token.end > token.start
            ? t('tokenRangeValue', { start: formatCount(token.start + 1), end: formatCount(token.end) })
            : t('tokenRangeNone')}
        </span>
      </Fact>
      <Badge tone={token.kind === 'unknown' ? 'danger' : token.kind === 'text' ? 'neutral' : 'warning'}>
        {t(`kind_${token.kind}`)}
      </Badge>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: ReactNode; readonly children: ReactNode }): JSX.Element {
  return (
    <div className="flex items-baseline gap-2">
      <dt className="flex items-center text-ink-faint">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
