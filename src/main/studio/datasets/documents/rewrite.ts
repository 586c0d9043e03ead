import { compileExpression, compilePlainText } from '../../../../shared/datasets/expression.ts';
import { placeholders } from '../../../../shared/datasets/personal-data.ts';
import type { RecipeStep, ReplacedThing } from '../../../../shared/datasets/recipe.ts';
import { LoamError } from '../../../../shared/errors.ts';
import { findPersonalData, searchOrder, type Stretch } from './personal-data.ts';
import type { TimeLimit } from './time-limit.ts';

/** A place where a text is replaced. */
export interface ReplacedPlace extends Stretch {
  readonly what: ReplacedThing;
  /** The text in which it stands. */
  readonly text: string;
  readonly by: string;
}

/** Gives a text with other words in some places, and tells of each place. */
export interface Rewrite {
  /** @param limit what a person's expression is matched under; without it as long as it takes. */
  (text: string, onPlace?: (place: ReplacedPlace) => void, limit?: TimeLimit): string;
  /** Whether a person's expression decides how long it takes. */
  readonly mayNotEnd?: boolean;
}

export type RewritingStep = RecipeStep & { readonly kind: 'replaceText' | 'maskPersonalData' };

export function isRewriting(step: RecipeStep): step is RewritingStep {
  return step.kind === 'replaceText' || step.kind === 'maskPersonalData';
}

/** What a step does to a text. */
export function rewriteOf(step: RewritingStep): Rewrite {
  if (step.kind === 'replaceText') {
    const { text: sought, by, matchCase } = step;
    if (!step.expression)
      return replacing(
        'text',
        byExpression(compilePlainText(sought, matchCase), () => by),
      );
    const byTemplate = byExpressionOfPerson(compileExpression(sought, matchCase), templateOf(by));
    return Object.assign(replacing('text', byTemplate), { mayNotEnd: true });
  }
  const { what, names } = step;
  const rewrites = searchOrder
    .filter((kind) => what.includes(kind))
    .map((kind) =>
      replacing(kind, function* (text) {
        for (const stretch of findPersonalData[kind](text)) yield { ...stretch, by: placeholders[kind] };
      }),
    );
  if (names.length > 0)
    rewrites.push(
      replacing(
        'name',
        byExpression(namesExpression(names), () => placeholders.name),
      ),
    );
  return (text, onPlace) => rewrites.reduce((before, rewrite) => rewrite(before, onPlace), text);
}

type Find = (text: string, limit?: TimeLimit) => Iterable<Stretch & { readonly by: string }>;

/** UTF-16 units that a text may grow to: a replacement of a thousand signs at every place would fill the memory. */
const longestRewritten = 2 ** 26;

function replacing(what: ReplacedThing, find: Find): Rewrite {
  return (text, onPlace, limit) => {
    const parts: string[] = [];
    let done = 0;
    let length = text.length;
    for (const { start, end, by } of find(text, limit)) {
      parts.push(text.slice(done, start), by);
      done = end;
      length += by.length - (end - start);
      if (length > longestRewritten) throw growsTooLong();
      onPlace?.({ what, text, start, end, by });
    }
    return done === 0 && parts.length === 0 ? text : parts.join('') + text.slice(done);
  };
}

function byExpression(expression: RegExp, by: (match: RegExpExecArray) => string): Find {
  return function* (text) {
    for (const match of text.matchAll(expression)) yield placeOf(match, by);
  };
}

function placeOf(match: RegExpExecArray, by: (match: RegExpExecArray) => string) {
  return { start: match.index, end: match.index + match[0].length, by: by(match) };
}

/** Matches that are looked for under one limit, and held in memory at once. */
const matchesAtOnce = 1000;

function byExpressionOfPerson(expression: RegExp, by: (match: RegExpExecArray) => string): Find {
  const unlimited = byExpression(expression, by);
  return function* (text, limit) {
    if (limit === undefined) {
      yield* unlimited(text);
      return;
    }
    let from = 0;
    for (;;) {
      const matches = limit(() => matchesFrom(expression, text, from));
      for (const match of matches) yield placeOf(match, by);
      const last = matches.at(-1);
      if (last === undefined || matches.length < matchesAtOnce) return;
      from = behind(last, text);
    }
  };
}

function matchesFrom(expression: RegExp, text: string, from: number): readonly RegExpExecArray[] {
  const matches: RegExpExecArray[] = [];
  // A limit may stop a match midway, and then another text has its turn.
  expression.lastIndex = from;
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    matches.push(match);
    if (matches.length === matchesAtOnce) break;
    expression.lastIndex = behind(match, text);
  }
  return matches;
}

/** Where to look on after a match; one of nothing, such as of a place, is not found again. */
function behind(match: RegExpExecArray, text: string): number {
  const end = match.index + match[0].length;
  if (match[0] !== '') return end;
  return end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
}

/** Reads what a match becomes: $1, $<name>, $& and $$ as in JavaScript, and \n, \t and \\. */
function templateOf(by: string): (match: RegExpExecArray) => string {
  const signs: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\' };
  return (match) =>
    by.replaceAll(
      /\\([nt\\])|\$(?:(\$)|(&)|(\d{1,2})|<([^>]+)>)/g,
      (whole, sign?: string, dollar?: string, all?: string, group?: string, name?: string) => {
        if (sign !== undefined) return signs[sign] ?? whole;
        if (dollar !== undefined) return '$';
        if (all !== undefined) return match[0];
        if (group !== undefined) return groupOf(match, group) ?? whole;
        // Without groups of names the signs stand for themselves.
        return match.groups === undefined ? whole : (match.groups[name ?? ''] ?? '');
      },
    );
}

/** What a group of one or two digits matched: $10 is the first and a 0 where there are fewer than ten; undefined for none. */
function groupOf(match: RegExpExecArray, digits: string): string | undefined {
  for (const length of [2, 1]) {
    const number = Number(digits.slice(0, length));
    if (number > 0 && number < match.length) return (match[number] ?? '') + digits.slice(length);
  }
  return undefined;
}

/** The longest first, so that "Anna Maria" is not left as "[NAME] Maria"; a name within a word is none. */
function namesExpression(names: readonly string[]): RegExp {
  const sorted = [...new Set(names)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const any = sorted.map((name) => compilePlainText(name, true).source).join('|');
  return compileExpression(`(?<![\\p{L}\\p{N}])(?:${any})(?![\\p{L}\\p{N}])`, true);
}

function growsTooLong(): LoamError {
  return new LoamError({
    kind: 'input',
    what: 'The replacement would make one of the texts longer than Loam can hold.',
    remedy: 'Replace it by less text, or look for something that stands in fewer places.',
  });
}
