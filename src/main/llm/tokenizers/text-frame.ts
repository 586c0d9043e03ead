import type { OrderedJson } from './ordered-json.ts';
import { z } from 'zod';
import { modelLimits } from '../../../shared/models/limits.ts';
import {
  brokenTokenizer,
  parseTokenizerFile,
  quoteValue,
  uncomputedTokenizer,
  type TokenizerFile,
} from './tokenizer-json.ts';

/**
 * The special tokens that a tokenizer puts around a text that stands by itself, such as Llama's `<|begin_of_text|>`: what
 * `tokenizers` calls the post-processor. A model that was trained with them expects them.
 */
export interface TextFrame {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const noFrame: TextFrame = { before: [], after: [] };

const id = z
  .int()
  .min(0)
  .max(modelLimits.vocabularySize - 1);
const namedToken = z.tuple([z.string(), id]);
const mostPieces = 64;

const templateSchema = z.looseObject({
  single: z
    .array(
      z.union([
        z.looseObject({ Sequence: z.looseObject({ id: z.enum(['A', 'B']) }) }),
        z.looseObject({ SpecialToken: z.looseObject({ id: z.string() }) }),
      ]),
    )
    .max(mostPieces),
  special_tokens: z.record(z.string(), z.looseObject({ ids: z.array(id).max(mostPieces) })),
});
const pairSchema = z.looseObject({ cls: namedToken, sep: namedToken });
const sequenceSchema = z.looseObject({
  processors: z.array(z.looseObject({ type: z.string() })).max(mostPieces),
});

type Part = NonNullable<TokenizerFile['post_processor']>;

/**
 * What a file's post-processor puts around a text that stands by itself (tokenizers/src/processors).
 * @returns undefined where it puts nothing there
 * @throws LoamError for a post-processor that is broken or of a kind that is not known.
 */
export function readTextFrame(part: TokenizerFile['post_processor'], where: string): TextFrame | undefined {
  const frame = frameOf(part, where);
  return frame.before.length + frame.after.length > 0 ? frame : undefined;
}

function frameOf(part: TokenizerFile['post_processor'], where: string): TextFrame {
  if (part === null) return noFrame;
  switch (part.type) {
    case 'ByteLevel':
      // It only says where tokens stand in the text.
      return noFrame;
    case 'TemplateProcessing':
      return templateFrame(part, where);
    case 'BertProcessing':
    case 'RobertaProcessing': {
      const { cls, sep } = parsePart(pairSchema, part, where);
      return { before: [cls[1]], after: [sep[1]] };
    }
    case 'Sequence': {
      const { processors } = parsePart(sequenceSchema, part, where);
      // ByteLevel only says where tokens stand. Of two others the second takes what the first made for a pair of texts.
      const [inner = null, ...others] = processors.filter(({ type }) => type !== 'ByteLevel');
      if (others.length > 0)
        throw uncomputedTokenizer(where, 'several post-processors that put tokens around texts');
      return frameOf(inner, where);
    }
    default:
      throw uncomputedTokenizer(where, `a post-processor ${quoteValue(part.type)}`);
  }
}

function templateFrame(part: Part, where: string): TextFrame {
  const { single, special_tokens: tokens } = parsePart(templateSchema, part, where);
  const texts = single.filter((piece) => 'Sequence' in piece);
  if (texts.length !== 1 || !single.every((piece) => !isSequenceB(piece)))
    throw brokenTokenizer(
      where,
      'The post-processor’s template for one text does not hold that text exactly once.',
    );
  const ids = single.map((piece): readonly number[] | 'text' => {
    if (!('SpecialToken' in piece)) return 'text';
    const name = (piece.SpecialToken as { readonly id: string }).id;
    // A Map: names are foreign, and an object has members of its own.
    const token = new Map(Object.entries(tokens)).get(name);
    if (token === undefined)
      throw brokenTokenizer(
        where,
        `The post-processor’s template has the token ${quoteValue(name)}, which it does not explain.`,
      );
    return token.ids;
  });
  const place = ids.indexOf('text');
  const join = (pieces: readonly (readonly number[] | 'text')[]): readonly number[] =>
    pieces.flatMap((piece) => (piece === 'text' ? [] : piece));
  return { before: join(ids.slice(0, place)), after: join(ids.slice(place + 1)) };
}

function isSequenceB(piece: object): boolean {
  return 'Sequence' in piece && (piece.Sequence as { readonly id: string }).id === 'B';
}

function parsePart<T extends z.ZodType>(schema: T, part: Part, where: string): z.output<T> {
  const parsed = schema.safeParse(part);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw brokenTokenizer(
    where,
    `The post-processor is broken at ${issue?.path.join('.') ?? part.type}: ${issue?.message ?? 'unreadable'}.`,
  );
}

/**
 * A tokenizer.json without a post-processor that puts tokens around texts; any other is as it was, to the letter.
 * @param json a file that `readTextFrame` has accepted
 */
export function withoutPostProcessor(json: string): string {
  const file = parseTokenizerFile(json, 'tokenizer.json');
  if (readTextFrame(file.post_processor, 'tokenizer.json') === undefined) return json;
  return `${JSON.stringify({ ...(JSON.parse(json) as object), post_processor: null }, null, 2)}\n`;
}

/** The post-processor of a tokenizer.json that puts a token before every text. */
export function beginWith(token: string, id: number): OrderedJson {
  return {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: token, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [
      { SpecialToken: { id: token, type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: token, type_id: 1 } },
      { Sequence: { id: 'B', type_id: 1 } },
    ],
    special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } },
  };
}
