/** A text in two parts: the first may be shortened, the second never is. */
export interface CutText {
  readonly head: string;
  readonly tail: string;
}

/** Where nothing else says what matters, this many characters of the end stay. */
const usualTail = 6;
/** A tail that is longer than this would leave nothing of the beginning. */
const longestTail = 28;

/**
 * Parts a name or a path so that what sets it apart from others stays when room is short: the step of a checkpoint, the last
 * name of a path, else the last characters.
 */
export function cutText(text: string): CutText {
  const characters = Array.from(text);
  const at = characters.lastIndexOf('@');
  const slash = Math.max(
    characters.lastIndexOf('/', characters.length - 2),
    characters.lastIndexOf('\\', characters.length - 2),
  );
  const from = [at, slash].find((index) => index > 0 && characters.length - index <= longestTail);
  const start = from ?? Math.max(0, characters.length - usualTail);
  return { head: characters.slice(0, start).join(''), tail: characters.slice(start).join('') };
}
