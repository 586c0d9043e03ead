import { z } from 'zod';
import { tokenizerLimits } from '../../../shared/models/limits.ts';
import { wordPatterns } from './pre-tokenizer.ts';
import { brokenTokenizer, quoteValue, uncomputedTokenizer, type TokenizerFile } from './tokenizer-json.ts';

/**
 * `@huggingface/tokenizers` reads more kinds of parts than it computes as `tokenizers` does: it cuts digits by `\d`, words by
 * ASCII, and passes over settings that it does not have. Here each part is either known to be computed exactly, or written as
 * one that is, or refused by its name; nothing is passed over.
 */

type Part = TokenizerFile['normalizer'];
type Json = Readonly<Record<string, unknown>>;

const patternSchema = z.union([
  z.strictObject({ Regex: z.string().max(tokenizerLimits.expressionLength) }),
  z.strictObject({ String: z.string().min(1).max(tokenizerLimits.expressionLength) }),
]);
type Pattern = z.output<typeof patternSchema>;

const partSchema = z.looseObject({ type: z.string() });
const parts = z.array(partSchema);
const schemas = {
  normalizers: z.looseObject({ normalizers: parts }),
  pretokenizers: z.looseObject({ pretokenizers: parts }),
  replace: z.looseObject({ pattern: patternSchema, content: z.string().max(tokenizerLimits.tokenLength) }),
  prepend: z.looseObject({ prepend: z.string().max(tokenizerLimits.tokenLength) }),
  split: z.looseObject({ pattern: patternSchema, behavior: z.string(), invert: z.boolean().default(false) }),
  punctuation: z.looseObject({ behavior: z.string().default('Isolated') }),
  digits: z.looseObject({ individual_digits: z.boolean().default(false) }),
  bert: z.looseObject({
    clean_text: z.boolean().default(true),
    handle_chinese_chars: z.boolean().default(true),
    strip_accents: z.boolean().nullish(),
    lowercase: z.boolean().default(true),
  }),
  metaspace: z.looseObject({ replacement: z.string().default('▁'), split: z.boolean().default(true) }),
};

/** A file whose normaliser and pre-tokeniser are computed exactly. */
export interface ComputableParts {
  readonly normalizer: Part;
  readonly preTokenizer: Part;
  /** Whether the file has regular expressions of its own, of which nothing is known: they may never come to an end. */
  readonly hasExpressions: boolean;
}

/**
 * The normaliser and pre-tokeniser of a file, written so that the library computes them as `tokenizers` does.
 * @throws LoamError that names what is not computed, is broken, or could make texts grow without measure.
 */
export function computableParts(file: TokenizerFile, where: string): ComputableParts {
  const reader = new PartReader(where);
  const normalizer = file.normalizer === null ? null : reader.normalizer(file.normalizer);
  const preTokenizer = file.pre_tokenizer === null ? null : reader.preTokenizer(file.pre_tokenizer);
  return { normalizer, preTokenizer, hasExpressions: reader.hasExpressions };
}

/** \w of the `regex` crate, which `tokenizers` uses for its own expressions (Unicode Technical Standard 18, annex C). */
const wordClass = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}`;
const punctuationClass = String.raw`[\p{P}!-/:-@\[-\x60{-~]`;
/** Pieces that an expression matches stay, what lies between them goes. */
const matchesOf = (regex: string): Json => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior: 'Removed',
  invert: true,
});
const isolate = (regex: string): Json => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior: 'Isolated',
  invert: false,
});
const whiteSpaceRemoved: Json = {
  type: 'Split',
  pattern: { Regex: String.raw`\s+` },
  behavior: 'Removed',
  invert: false,
};
const sequenceOf = (pretokenizers: readonly unknown[]): NonNullable<Part> => ({
  type: 'Sequence',
  pretokenizers,
});

const replace = (regex: string, content: string): Json => ({
  type: 'Replace',
  pattern: { Regex: regex },
  content,
});
/** Character by character: JavaScript has a small sigma of its own for the end of a word. */
const lowercase: readonly Json[] = [
  { type: 'Replace', pattern: { String: 'Σ' }, content: 'σ' },
  { type: 'Lowercase' },
];
/** The blocks of Chinese characters that BERT knows (tokenizers/src/normalizers/bert.rs). */
const chineseClass = String.raw`[\x{4E00}-\x{9FFF}\x{3400}-\x{4DBF}\x{20000}-\x{2A6DF}\x{2A700}-\x{2B73F}\x{2B740}-\x{2B81F}\x{2B920}-\x{2CEAF}\x{F900}-\x{FAFF}\x{2F800}-\x{2FA1F}]`;

/** BERT's normaliser in its steps. */
function bertNormalizer(settings: z.output<typeof schemas.bert>): NonNullable<Part> {
  const stripsAccents = settings.strip_accents ?? settings.lowercase;
  return {
    type: 'Sequence',
    normalizers: [
      ...(settings.clean_text
        ? [
            replace(String.raw`[\x{0}\x{FFFD}]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]`, ''),
            replace(String.raw`\s`, ' '),
          ]
        : []),
      ...(settings.handle_chinese_chars ? [replace(chineseClass, ' $& ')] : []),
      ...(stripsAccents ? [{ type: 'NFD' }, replace(String.raw`\p{Mn}`, '')] : []),
      ...(settings.lowercase ? lowercase : []),
    ],
  };
}

/** Published expressions, which read any text in one go. */
const knownExpressions: ReadonlySet<string> = new Set(Object.values(wordPatterns));

class PartReader {
  hasExpressions = false;
  private readonly where: string;
  private count = 0;
  /** How many times longer the parts read so far may make a text. */
  private growth = 1;

  constructor(where: string) {
    this.where = where;
  }

  normalizer(part: NonNullable<Part>): NonNullable<Part> {
    this.countPart();
    switch (part.type) {
      case 'Sequence': {
        const { normalizers } = this.parse(schemas.normalizers, part);
        return { type: 'Sequence', normalizers: normalizers.map((each) => this.normalizer(each)) };
      }
      case 'Replace': {
        const { pattern, content } = this.parse(schemas.replace, part);
        this.notePattern(pattern);
        // An expression may match between any two characters.
        this.grow(
          'Regex' in pattern ? content.length + 1 : Math.ceil(content.length / pattern.String.length),
        );
        // In a replacement of JavaScript "$" has a meaning.
        return { type: 'Replace', pattern, content: content.replaceAll('$', '$$$$') };
      }
      case 'Prepend': {
        const { prepend } = this.parse(schemas.prepend, part);
        this.grow(prepend.length + 1);
        return { type: 'Prepend', prepend };
      }
      case 'BertNormalizer':
        return bertNormalizer(this.parse(schemas.bert, part));
      case 'Lowercase':
        return { type: 'Sequence', normalizers: lowercase };
      case 'NFC':
      case 'NFD':
      case 'NFKC':
      case 'NFKD':
      case 'Strip':
      case 'StripAccents':
        return part;
      default:
        throw this.notComputed('a normaliser', part.type);
    }
  }

  preTokenizer(part: NonNullable<Part>): NonNullable<Part> {
    this.countPart();
    switch (part.type) {
      case 'Sequence': {
        const { pretokenizers } = this.parse(schemas.pretokenizers, part);
        return sequenceOf(pretokenizers.map((each) => this.preTokenizer(each)));
      }
      case 'ByteLevel':
        return part;
      case 'Metaspace': {
        const { replacement, split } = this.parse(schemas.metaspace, part);
        if (!split) return part;
        // Each piece begins with the character that stands for a space.
        const mark = `\\u{${(replacement.codePointAt(0) ?? 0x2581).toString(16)}}`;
        return sequenceOf([part, isolate(`${mark}[^${mark}]*`.replaceAll('\\u{', '\\x{'))]);
      }
      case 'Split': {
        const { pattern, behavior, invert } = this.parse(schemas.split, part);
        this.notePattern(pattern);
        const removed = behavior === 'Removed';
        if (!removed && behavior !== 'Isolated')
          throw this.notComputed('a Split with the behaviour', behavior);
        // Without a part that is removed, matches and what lies between them are the same pieces either way.
        return { type: 'Split', pattern, behavior, invert: removed && invert };
      }
      case 'Punctuation': {
        const { behavior } = this.parse(schemas.punctuation, part);
        if (behavior === 'Isolated') return isolate(punctuationClass) as NonNullable<Part>;
        if (behavior === 'Contiguous') return isolate(`${punctuationClass}+`) as NonNullable<Part>;
        throw this.notComputed('a Punctuation with the behaviour', behavior);
      }
      case 'Digits': {
        const { individual_digits: each } = this.parse(schemas.digits, part);
        return isolate(each ? String.raw`\p{N}` : String.raw`\p{N}+`) as NonNullable<Part>;
      }
      case 'Whitespace':
        return matchesOf(`[${wordClass}]+|[^${wordClass}\\s]+`) as NonNullable<Part>;
      case 'WhitespaceSplit':
        return whiteSpaceRemoved as NonNullable<Part>;
      case 'BertPreTokenizer':
        return sequenceOf([whiteSpaceRemoved, isolate(punctuationClass)]);
      default:
        throw this.notComputed('a pre-tokeniser', part.type);
    }
  }

  private notePattern(pattern: Pattern): void {
    this.hasExpressions ||= 'Regex' in pattern && !knownExpressions.has(pattern.Regex);
  }

  private countPart(): void {
    if (++this.count > tokenizerLimits.parts)
      throw brokenTokenizer(
        this.where,
        `The tokenizer has more than ${tokenizerLimits.parts} normalisers and pre-tokenisers.`,
      );
  }

  private grow(factor: number): void {
    this.growth *= Math.max(1, factor);
    if (this.growth > tokenizerLimits.growth)
      throw brokenTokenizer(
        this.where,
        `The tokenizer’s rules could make a text more than ${tokenizerLimits.growth.toLocaleString('en')} times as long.`,
      );
  }

  private notComputed(what: string, name: string): Error {
    return uncomputedTokenizer(this.where, `${what} ${quoteValue(name)}`);
  }

  private parse<T extends z.ZodType>(schema: T, part: NonNullable<Part>): z.output<T> {
    const parsed = schema.safeParse(part);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw brokenTokenizer(
      this.where,
      `The tokenizer’s ${part.type} is broken at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}.`,
    );
  }
}
