import { memo, useId, useRef, useState, type JSX, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { EncodedToken } from '../../../shared/tokenizers/encoding.ts';
import { formatCount } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { spacedBytes, tokenClass, visibleText } from './token-appearance.ts';

/** What stands below each token: nothing, its number, its bytes. */
export type TokenDetail = 'text' | 'ids' | 'bytes';

/** Tokens drawn at once: more are a press away, so that a long text does not hold the window up. */
const drawnAtOnce = 1500;

export interface TokenStripProps {
  /** What the tokens are of, read aloud. */
  readonly label: string;
  readonly tokens: readonly EncodedToken[];
  readonly detail: TokenDetail;
  /** The index of the token that is pointed at. */
  readonly current: number | undefined;
  readonly onCurrent: (index: number) => void;
}

/** The tokens of a text in their order, each with a colour and an edge. Arrow keys go through them. */
export function TokenStrip({ label, tokens, detail, current, onCurrent }: TokenStripProps): JSX.Element {
  const { t } = useTranslation('tokenizers');
  const id = useId();
  const strip = useRef<HTMLDivElement>(null);
  const [limit, setLimit] = useState(drawnAtOnce);
  const shown = tokens.slice(0, limit);

  const onKeyDown = (event: KeyboardEvent): void => {
    const here = current ?? -1;
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: here + 1,
      ArrowDown: here + 1,
      ArrowLeft: here - 1,
      ArrowUp: here - 1,
      Home: 0,
      End: shown.length - 1,
    };
    const target = moves[event.key];
    if (target === undefined || shown.length === 0) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(shown.length - 1, target));
    onCurrent(index);
    strip.current?.querySelector(`#${CSS.escape(`${id}-${index}`)}`)?.scrollIntoView({ block: 'nearest' });
  };

  return (
    <div>
      <div
        ref={strip}
        role="listbox"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={
          current !== undefined && current < shown.length ? `${id}-${current}` : undefined
        }
        onKeyDown={onKeyDown}
        onFocus={() => {
          if (current === undefined && shown.length > 0) onCurrent(0);
        }}
        onPointerOver={(event) => {
          const index = event.target instanceof Element ? event.target.closest('[data-token]') : null;
          if (index !== null) onCurrent(Number(index.getAttribute('data-token')));
        }}
        className={`rounded-md p-1 wrap-anywhere ${detail === 'text' ? 'leading-8' : 'flex flex-wrap gap-x-1 gap-y-2'}`}
      >
        {shown.map((token, index) => (
          <Token
            key={index}
            id={`${id}-${index}`}
            token={token}
            index={index}
            detail={detail}
            current={index === current}
          />
        ))}
      </div>
      {tokens.length > limit && (
        <Button
          size="small"
          variant="quiet"
          className="mt-2"
          onClick={() => setLimit((before) => before + drawnAtOnce)}
        >
          {t('showMore', { more: formatCount(Math.min(drawnAtOnce, tokens.length - limit)) })}
        </Button>
      )}
    </div>
  );
}

interface TokenProps {
  readonly id: string;
  readonly token: EncodedToken;
  readonly index: number;
  readonly detail: TokenDetail;
  readonly current: boolean;
}

const Token = memo(function Token({ id, token, index, detail, current }: TokenProps): JSX.Element {
  const text = visibleText(token);
  const option = {
    id,
    role: 'option',
    'aria-selected': current,
    'data-token': index,
    'data-current': current || undefined,
  } as const;
  if (detail === 'text')
    return (
      <>
        <span {...option} className={`mx-px scroll-my-20 px-0.5 py-0.5 ${tokenClass(token, index)}`}>
          <bdi className={token.kind === 'bytes' ? 'font-mono text-xs' : ''}>{text}</bdi>
        </span>
        {token.text.includes('\n') && <br />}
      </>
    );
  return (
    <span
      {...option}
      className={`flex max-w-full scroll-my-20 min-w-6 flex-col items-center px-1 pt-0.5 leading-tight ${tokenClass(token, index)}`}
    >
      <bdi className={`max-w-full whitespace-pre-wrap ${token.kind === 'bytes' ? 'font-mono text-xs' : ''}`}>
        {text === '' ? '∅' : text}
      </bdi>
      <span className="figures font-mono text-xs text-ink-soft">
        {detail === 'ids' ? token.id : spacedBytes(token.bytes) || '–'}
      </span>
    </span>
  );
});
