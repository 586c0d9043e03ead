import { useId, useMemo, useRef, useState, type CSSProperties, type JSX, type KeyboardEvent } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { WrittenToken } from '../../../shared/generation/settings.ts';
import { formatPercent } from '../../format/format.ts';
import { TokenCard } from './token-card.tsx';
import { placeTokens, surprise } from './token-places.ts';

export interface TokenTextProps {
  /** What the text is, read aloud. */
  readonly label: string;
  readonly text: string;
  readonly tokens: readonly WrittenToken[];
}

interface Pointed {
  readonly index: number;
  readonly box: DOMRect;
}

/**
 * A written text, token by token, tinted where the model was surprised. The pointer or the arrow keys show what else it
 * thought possible.
 */
export function TokenText({ label, text, tokens }: TokenTextProps): JSX.Element {
  const { t } = useTranslation('write');
  const id = useId();
  const list = useRef<HTMLSpanElement>(null);
  const [pointed, setPointed] = useState<Pointed>();
  const places = useMemo(() => placeTokens(text, tokens), [text, tokens]);

  const point = (index: number): void => {
    const element = list.current?.querySelector(`[data-token="${index}"]`);
    if (element === null || element === undefined) return;
    element.scrollIntoView({ block: 'nearest' });
    setPointed({ index, box: element.getClientRects()[0] ?? element.getBoundingClientRect() });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && pointed !== undefined) {
      event.stopPropagation();
      setPointed(undefined);
      return;
    }
    const here = pointed?.index ?? -1;
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: here + 1,
      ArrowDown: here + 1,
      ArrowLeft: here - 1,
      ArrowUp: here - 1,
      Home: 0,
      End: places.length - 1,
    };
    const target = moves[event.key];
    if (target === undefined || places.length === 0) return;
    event.preventDefault();
    point(Math.max(0, Math.min(places.length - 1, target)));
  };

  const current = pointed === undefined ? undefined : places[pointed.index];
  return (
    <span
      ref={list}
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={pointed === undefined ? undefined : `${id}-${pointed.index}`}
      onKeyDown={onKeyDown}
      onFocus={() => {
        if (pointed === undefined) point(0);
      }}
      onBlur={() => setPointed(undefined)}
      onPointerOver={(event) => {
        const element = event.target instanceof Element ? event.target.closest('[data-token]') : null;
        if (element !== null) point(Number(element.getAttribute('data-token')));
      }}
      onPointerLeave={() => setPointed(undefined)}
      className="outline-none"
    >
      {places.map(({ text: piece, token }, index) => (
        <span
          key={index}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === pointed?.index}
          aria-label={t('tokenAloud', { text: piece, probability: formatPercent(token.probability, 1) })}
          data-token={index}
          style={{ '--tint': `${surprise(token.probability) * 42}%` } as CSSProperties}
          className="box-decoration-clone rounded-xs bg-[color-mix(in_oklab,var(--color-series-2)_var(--tint),transparent)] aria-selected:outline-2 aria-selected:outline-accent"
        >
          {piece}
        </span>
      ))}
      {current !== undefined &&
        pointed !== undefined &&
        createPortal(<TokenCard token={current.token} box={pointed.box} />, document.body)}
    </span>
  );
}
