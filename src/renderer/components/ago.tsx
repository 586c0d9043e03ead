import { useEffect, useState, type JSX } from 'react';
import { formatAgo, formatMoment } from '../format/format.ts';
import { Tooltip } from './tooltip.tsx';

/** How often "5 minutes ago" is looked at again, in milliseconds. */
const interval = 20_000;

/** The time now, looked at again now and then. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), interval);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export interface AgoProps {
  readonly moment: string | null | undefined;
  /** Puts words around it. */
  readonly show?: (ago: string) => string;
}

/** How long ago something was; when exactly shows where the pointer rests. */
export function Ago({ moment, show = (ago) => ago }: AgoProps): JSX.Element {
  const now = useNow();
  return (
    <Tooltip text={formatMoment(moment)}>
      <time dateTime={moment ?? undefined}>{show(formatAgo(moment, now))}</time>
    </Tooltip>
  );
}
