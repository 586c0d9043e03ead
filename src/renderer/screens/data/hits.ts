import { compilePlainText } from '../../../shared/datasets/expression.ts';

/** A stretch of a text, and whether it is what is searched. */
export interface TextPart {
  readonly text: string;
  readonly isHit: boolean;
}

/** A text may hold a letter half a million times; more places are not marked. */
export const mostHits = 2000;

/** Cuts a text at the places where it holds what is searched, whatever its case. */
export function partsOf(text: string, sought: string): readonly TextPart[] {
  if (sought.trim() === '') return [{ text, isHit: false }];
  const parts: TextPart[] = [];
  let done = 0;
  let hits = 0;
  for (const { 0: found, index } of text.matchAll(compilePlainText(sought, false))) {
    if (index > done) parts.push({ text: text.slice(done, index), isHit: false });
    parts.push({ text: found, isHit: true });
    done = index + found.length;
    if (++hits === mostHits) break;
  }
  if (done < text.length) parts.push({ text: text.slice(done), isHit: false });
  return parts;
}
