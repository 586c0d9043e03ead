/** Letters beyond ASCII that languages are written with, as CLDR's main exemplar characters have them, in lower case. */
const latinAlphabets: readonly string[] = [
  'äöüßé', // German
  'àâæçéèêëîïôœùûüÿ', // French
  'áéíñóúü', // Spanish
  'ãáàâçéêíóôõúü', // Portuguese
  'àèéìíîòóùú', // Italian
  'áâäéèêëíîïóôöúûü', // Dutch
  'åäöæøéè', // Danish, Norwegian, Swedish, Finnish
  'áæéíóöúýþð', // Icelandic
  'àçèéíïòóúü·', // Catalan
  'ąćęłńóśźż', // Polish
  'áäčďéěíĺľňóôŕřšťúůýž', // Czech, Slovak
  'áéíóöőúüű', // Hungarian
  'ăâîșşțţ', // Romanian
  'čćđšž', // Croatian, Slovene
  'çğıiöşüâîû', // Turkish
  'äõöüšž', // Estonian
  'āčēģīķļņšūž', // Latvian
  'ąčęėįšųūž', // Lithuanian
];

/** Scripts of other languages; their letters stand apart from Latin ones. */
const otherAlphabets: readonly RegExp[] = [
  /[а-яё]/u, // Russian, Bulgarian
  /[а-щьюяєіїґ]/u, // Ukrainian
  /[а-яёіў]/u, // Belarusian
  /[ђа-ик-шјљњћџ]/u, // Serbian
  /[ά-ώΐΰϊϋς]/u, // Greek
  /[\u05b0-\u05f4]/u, // Hebrew
  /[\u0600-\u06ff\u200c-\u200f]/u, // Arabic, Persian
  /[\u0e01-\u0e5b]/u, // Thai
];

/** The share of characters beyond ASCII that may be foreign to a text: names, quotations, signs. */
const foreignShare = 0.1;
/** Of lines of frames that touch words, which only a wrong encoding draws. */
const frameShare = 0.01;
const han = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const halfWidth = /[\uff66-\uff9f]/;
const letter = /\p{L}/u;
const latinLetter = /[a-z]/i;
/** Signs that stand within words. */
const joining = /['’\-‐‑·\u00ad\u200c\u200d\p{M}]/u;
const never = /[\ue000-\uf8ff\ufffd\u0080-\u009f\p{Cn}]/u;

interface Occurrence {
  readonly character: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Whether a text that was decoded on trial reads like a text of some language: its letters are of one alphabet, stand in
 * words that are not of two scripts, and have capitals only where words begin; no sign stands in the middle of a word.
 * Bytes that are decoded in a wrong encoding hardly ever do.
 */
export function readsLikeText(text: string): boolean {
  const characters = Array.from(text);
  const occurrences = characters.flatMap((character, index): readonly Occurrence[] =>
    character <= '\u007f'
      ? []
      : [{ character, before: characters[index - 1] ?? ' ', after: characters[index + 1] ?? ' ' }],
  );
  if (occurrences.length === 0) return true;
  if (occurrences.some(({ character }) => never.test(character))) return false;
  const most = foreignShare * occurrences.length;
  const few = (isForeign: (occurrence: Occurrence) => boolean): boolean =>
    occurrences.filter(isForeign).length <= most;
  if (!few(isMisplaced)) return false;
  if (occurrences.filter(isFrameAtWord).length > frameShare * occurrences.length) return false;
  if (latinAlphabets.some((alphabet) => few(({ character }) => isOutside(character, alphabet)))) return true;
  const latinNeighbours = ({ before, after }: Occurrence): boolean =>
    latinLetter.test(before) || latinLetter.test(after);
  const ofScript = (script: RegExp): boolean =>
    few((each) => letter.test(each.character) && !script.test(each.character.toLowerCase())) &&
    few((each) => script.test(each.character.toLowerCase()) && latinNeighbours(each));
  return (
    otherAlphabets.some(ofScript) ||
    (few(({ character }) => letter.test(character) && !han.test(character)) &&
      occurrences.filter((each) => han.test(each.character) && latinNeighbours(each)).length <= 3 * most &&
      // Katakana of half the width stand in abbreviations; as whole texts they are single bytes of another encoding.
      occurrences.filter(({ character }) => halfWidth.test(character)).length <= 3 * most)
  );
}

function isOutside(character: string, alphabet: string): boolean {
  return letter.test(character) && !alphabet.includes(character.toLowerCase());
}

/** A sign in the middle of a word, or a capital behind a small letter. */
function isMisplaced({ character, before, after }: Occurrence): boolean {
  if (han.test(character)) return false;
  if (!letter.test(character))
    return (
      letter.test(before) &&
      letter.test(after) &&
      !han.test(before) &&
      !joining.test(character) &&
      !/\p{N}|\s/u.test(character)
    );
  return isSmall(before) && isCapital(character);
}

function isFrameAtWord({ character, before, after }: Occurrence): boolean {
  return /[\u2500-\u259f]/.test(character) && (letter.test(before) || letter.test(after));
}

function isSmall(character: string): boolean {
  return /\p{Ll}/u.test(character);
}

function isCapital(character: string): boolean {
  return /\p{Lu}/u.test(character);
}
