import { ChevronDown, ChevronUp } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../format/format.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { mostHits, partsOf } from './hits.ts';

export interface ReadTextProps {
  readonly text: string;
  /** What is searched; its places are marked, and one goes from one to the next. */
  readonly sought: string;
}

/** The text of a document to read. */
export function ReadText({ text, sought }: ReadTextProps): JSX.Element {
  const { t } = useTranslation('data');
  const parts = useMemo(() => partsOf(text, sought), [text, sought]);
  const hits = parts.filter(({ isHit }) => isHit).length;
  const [current, setCurrent] = useState(0);
  const mark = useRef<HTMLElement>(null);
  useEffect(() => {
    setCurrent(0);
  }, [parts]);
  useEffect(() => {
    // Newer browsers give a promise here, which React would take for what ends the effect.
    mark.current?.scrollIntoView({ block: 'nearest' });
  }, [parts, current]);
  const go = (by: number): void => setCurrent((before) => (before + by + hits) % Math.max(1, hits));
  const latest = useRef(go);
  latest.current = go;
  useEffect(() => {
    if (hits === 0) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'n' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (
        event.target instanceof Element &&
        event.target.closest('input, textarea, select, [role=dialog]') !== null
      )
        return;
      latest.current(event.shiftKey ? -1 : 1);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [hits]);

  if (text.trim() === '') return <p className="text-ink-faint italic">{t('emptyDocument')}</p>;
  let hit = -1;
  return (
    <>
      {sought.trim() !== '' && (
        <div className="sticky top-0 z-10 flex items-center gap-1 self-end rounded-md border border-line bg-surface pr-1 pl-2.5 text-sm">
          <span role="status" className="figures mr-1 text-ink-soft">
            {hits === 0
              ? t('hitsNone')
              : t('hits', {
                  current: formatCount(current + 1),
                  all: `${formatCount(hits)}${hits === mostHits ? '+' : ''}`,
                })}
          </span>
          {hits > 0 && (
            <>
              <IconButton icon={ChevronUp} label={t('hitPrevious')} onClick={() => go(-1)} />
              <IconButton icon={ChevronDown} label={t('hitNext')} onClick={() => go(1)} />
            </>
          )}
        </div>
      )}
      <p className="whitespace-pre-wrap wrap-anywhere">
        {parts.map((part, place) => {
          if (!part.isHit) return part.text;
          hit += 1;
          const isCurrent = hit === current;
          return (
            <mark
              key={place}
              ref={isCurrent ? mark : undefined}
              aria-current={isCurrent || undefined}
              className={`scroll-my-16 rounded-sm ${isCurrent ? 'bg-accent text-accent-ink' : 'bg-warning-soft text-ink'}`}
            >
              {part.text}
            </mark>
          );
        })}
      </p>
    </>
  );
}
