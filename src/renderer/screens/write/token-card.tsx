import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { WrittenToken } from '../../../shared/generation/settings.ts';
import { formatPercent } from '../../format/format.ts';

export interface TokenCardProps {
  readonly token: WrittenToken;
  /** Where the token stands in the window. */
  readonly box: DOMRect;
}

const width = 256;
const height = 330;
const distance = 6;

/** A token's probability and what else the model thought likely there. */
export function TokenCard({ token, box }: TokenCardProps): JSX.Element {
  const { t } = useTranslation('write');
  const left = Math.max(8, Math.min(box.left, window.innerWidth - width - 8));
  const below = box.bottom + distance + height < window.innerHeight;
  const largest = Math.max(token.probability, ...token.alternatives.map(({ probability }) => probability));
  const listed = token.alternatives.some((other) => isSame(other, token));
  return (
    <div
      aria-hidden
      style={{
        left,
        width,
        ...(below ? { top: box.bottom + distance } : { bottom: window.innerHeight - box.top + distance }),
      }}
      className="popup pointer-events-none fixed z-50 px-3 py-2.5 text-sm"
    >
      <div className="flex items-baseline justify-between gap-3">
        <TokenName text={token.text} />
        <span className="figures font-semibold">{formatPercent(token.probability, 1)}</span>
      </div>
      {token.alternatives.length > 0 && (
        <>
          <div className="mt-2 mb-1 border-t border-line pt-2 text-xs font-semibold text-ink-faint">
            {t('alternatives')}
          </div>
          <ul className="flex flex-col gap-0.5">
            {token.alternatives.map((other, index) => (
              <li key={index} className="relative flex items-baseline justify-between gap-3 px-1.5 py-px">
                <span
                  className={`absolute inset-y-0 left-0 rounded-xs ${isSame(other, token) ? 'bg-accent/30' : 'bg-hover'}`}
                  style={{ width: `${(100 * other.probability) / largest}%` }}
                />
                <span className="relative flex min-w-0 items-baseline gap-2">
                  <TokenName text={other.text} />
                  {isSame(other, token) && <span className="text-xs text-accent-text">{t('drawn')}</span>}
                </span>
                <span className="figures relative text-ink-soft">{formatPercent(other.probability, 1)}</span>
              </li>
            ))}
            {!listed && <li className="px-1.5 text-ink-faint">…</li>}
          </ul>
        </>
      )}
    </div>
  );
}

/** Two tokens that look the same are the same token where their probabilities are. */
function isSame(
  other: { readonly text: string; readonly probability: number },
  token: WrittenToken,
): boolean {
  return other.probability === token.probability && (other.text === token.text || token.text === '');
}

/** A token with its white space made visible. */
function TokenName({ text }: { readonly text: string }): JSX.Element {
  const { t } = useTranslation('write');
  const shown = text.replaceAll('\n', '↵').replaceAll('\t', '⇥').replaceAll(' ', '␣');
  return text === '' ? (
    <span className="text-ink-faint italic">{t('emptyToken')}</span>
  ) : (
    <span className="truncate font-mono">{shown}</span>
  );
}
