import { ArrowDown } from 'lucide-react';
import { useEffect, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';

/** Nearer to the end than this, in pixels, one is at it. */
const nearEnd = 40;

export interface FollowingProps {
  /** Changes when a person has a text begun: then its end is shown, wherever one was. */
  readonly begun: number | undefined;
  readonly children: JSX.Element;
}

/**
 * Shows the end of a text, also while it grows, until a person scrolls up; a button leads back. Only a way up is taken for
 * leaving: a text that grows faster than it is drawn moves its end away as well.
 */
export function Following({ begun, children }: FollowingProps): JSX.Element {
  const { t } = useTranslation('write');
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const lastTop = useRef(0);
  const [away, setAway] = useState(false);

  const toEnd = (): void => {
    following.current = true;
    setAway(false);
    const element = box.current;
    if (element === null) return;
    element.scrollTop = element.scrollHeight;
    lastTop.current = element.scrollTop;
  };
  useEffect(() => {
    if (content.current === null || box.current === null) return;
    const observer = new ResizeObserver(() => {
      if (following.current) toEnd();
    });
    observer.observe(content.current);
    // The box itself grows and shrinks with what stands below it.
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  useEffect(toEnd, [begun]);

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={box}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          const up = scrollTop < lastTop.current;
          lastTop.current = scrollTop;
          if (scrollHeight - scrollTop - clientHeight < nearEnd) following.current = true;
          else if (up) following.current = false;
          setAway(!following.current);
        }}
        className="flex min-h-0 flex-1 flex-col overflow-y-auto"
      >
        <div ref={content} className="flex flex-1 flex-col p-5">
          {children}
        </div>
      </div>
      {away && (
        <Button
          size="small"
          icon={ArrowDown}
          onClick={toEnd}
          className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-card"
        >
          {t('toEnd')}
        </Button>
      )}
    </div>
  );
}
