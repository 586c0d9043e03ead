import type { JSX } from 'react';
import { partsOf } from './hits.ts';

/** A short text with what is searched marked in it. */
export function MarkedText({
  text,
  sought,
}: {
  readonly text: string;
  readonly sought: string;
}): JSX.Element {
  return (
    <>
      {partsOf(text, sought).map((part, place) =>
        part.isHit ? (
          <mark key={place} className="rounded-sm bg-warning-soft text-ink">
            {part.text}
          </mark>
        ) : (
          part.text
        ),
      )}
    </>
  );
}
