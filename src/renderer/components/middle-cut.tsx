import type { JSX } from 'react';
import { cutText } from '../format/cut-text.ts';

export interface MiddleCutProps {
  readonly text: string;
  readonly className?: string;
}

/** A name or a path on one line; where room is short it is cut in its middle, and the pointer shows all of it. */
export function MiddleCut({ text, className = '' }: MiddleCutProps): JSX.Element {
  const { head, tail } = cutText(text);
  return (
    <span title={text} className={`block max-w-full overflow-hidden whitespace-pre ${className}`}>
      <span
        className="inline-block overflow-hidden align-bottom text-ellipsis"
        style={{ maxWidth: `calc(100% - ${tail.length + 1}ch)` }}
      >
        {head}
      </span>
      {tail}
    </span>
  );
}
