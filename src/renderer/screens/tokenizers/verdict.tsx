import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenizerFit } from '../../../shared/tokenizers/encoding.ts';
import { formatPercent } from '../../format/format.ts';
import { Notice } from '../../components/notice.tsx';
import { losesText } from './lost-text.ts';

export interface VerdictProps {
  readonly a: TokenizerFit;
  readonly b: TokenizerFit;
}

/** Which of the two fits the text, in sentences: first what is lost of it, then how many tokens it becomes. */
export function Verdict({ a, b }: VerdictProps): JSX.Element | null {
  const { t } = useTranslation('tokenizers');
  const [less, more] = a.tokens <= b.tokens ? [a, b] : [b, a];
  if (more.tokens === 0) return null;
  const losing = [a, b].filter(losesText);
  const tokens =
    less.tokens === more.tokens
      ? t('sameTokens')
      : t('fewerTokens', { name: less.name, share: formatPercent(1 - less.tokens / more.tokens) });
  return (
    <div role="status" className="flex flex-col gap-2">
      {losing.length > 0 && (
        <Notice tone="warning">
          {losing.map(({ name, lostShare }) => (
            <p key={name}>{t('losesText', { name, share: formatPercent(lostShare, 1) })}</p>
          ))}
          {losing.length === 1 && (
            <p>{t('losesNothing', { name: [a, b].find((fit) => !losesText(fit))?.name ?? '' })}</p>
          )}
        </Notice>
      )}
      {losing.length > 0 ? <p className="text-sm text-ink-faint">{tokens}</p> : <p>{tokens}</p>}
    </div>
  );
}
