import { z } from 'zod';
import { tokenizerLimits } from '../../../shared/models/limits.ts';
import { charactersToBytes } from './byte-characters.ts';
import { brokenTokenizer, quoteValue, uncomputedTokenizer, type TokenizerFile } from './tokenizer-json.ts';

/** Turns the texts of tokens into pieces of the text that they stand for (tokenizers/src/decoders). */
export type TokenDecoder = (tokens: readonly string[]) => readonly string[];

const schemas = {
  sequence: z.looseObject({
    decoders: z.array(z.looseObject({ type: z.string() })).max(tokenizerLimits.parts),
  }),
  replace: z.looseObject({
    pattern: z.strictObject({ String: z.string().min(1) }),
    content: z.string().max(tokenizerLimits.tokenLength),
  }),
  strip: z.looseObject({ content: z.string().length(1), start: z.int().min(0), stop: z.int().min(0) }),
  metaspace: z.looseObject({
    replacement: z.string().default('▁'),
    prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
    add_prefix_space: z.boolean().optional(),
  }),
  wordPiece: z.looseObject({ prefix: z.string().default('##'), cleanup: z.boolean().default(true) }),
  suffix: z.looseObject({ suffix: z.string().min(1) }),
};

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The decoder that a tokenizer.json describes. Without one, tokens are joined by spaces.
 * @throws LoamError for one that is broken or of a kind that is not computed.
 */
export function readDecoder(part: TokenizerFile['decoder'], where: string): TokenDecoder {
  if (part === null) return (tokens) => [tokens.join(' ')];
  const parse = <T extends z.ZodType>(schema: T): z.output<T> => {
    const parsed = schema.safeParse(part);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw brokenTokenizer(
      where,
      `The decoder ${part.type} is broken or not computed here, at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
    );
  };
  switch (part.type) {
    case 'Sequence': {
      const inner = parse(schemas.sequence).decoders.map((each) => readDecoder(each, where));
      return (tokens) => inner.reduce((pieces, decode) => decode(pieces), tokens);
    }
    case 'ByteLevel':
      return (tokens) => [utf8.decode(Buffer.concat(tokens.map(charactersToBytes)))];
    case 'Fuse':
      return (tokens) => [tokens.join('')];
    case 'ByteFallback':
      return decodeByteTokens;
    case 'Replace': {
      const { pattern, content } = parse(schemas.replace);
      return (tokens) => tokens.map((token) => token.split(pattern.String).join(content));
    }
    case 'Strip':
      return stripDecoder(parse(schemas.strip));
    case 'Metaspace': {
      const {
        replacement,
        prepend_scheme: scheme,
        add_prefix_space: prefix = true,
      } = parse(schemas.metaspace);
      const removesFirst = scheme === undefined ? prefix : scheme !== 'never';
      return (tokens) =>
        tokens.map((token, index) => token.replaceAll(replacement, index === 0 && removesFirst ? '' : ' '));
    }
    case 'WordPiece': {
      const { prefix, cleanup } = parse(schemas.wordPiece);
      return (tokens) =>
        tokens.map((token, index) => {
          const piece =
            index === 0 ? token : token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
          return cleanup ? cleanUp(piece) : piece;
        });
    }
    case 'BPEDecoder': {
      const { suffix } = parse(schemas.suffix);
      return (tokens) =>
        tokens.map((token, index) => token.replaceAll(suffix, index === tokens.length - 1 ? '' : ' '));
    }
    default:
      throw uncomputedTokenizer(where, `a decoder ${quoteValue(part.type)}`);
  }
}

/** Tokens like `<0xE2>` together are the bytes of characters; bytes that are no UTF-8 become one U+FFFD each. */
function decodeByteTokens(tokens: readonly string[]): readonly string[] {
  const pieces: string[] = [];
  let bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length === 0) return;
    try {
      pieces.push(strictUtf8.decode(Uint8Array.from(bytes)));
    } catch {
      pieces.push(...bytes.map(() => '\uFFFD'));
    }
    bytes = [];
  };
  for (const token of tokens) {
    const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(token)?.[1];
    if (byte !== undefined) {
      bytes.push(Number.parseInt(byte, 16));
      continue;
    }
    flush();
    pieces.push(token);
  }
  flush();
  return pieces;
}

const strictUtf8 = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

function stripDecoder({ content, start, stop }: z.output<typeof schemas.strip>): TokenDecoder {
  return (tokens) =>
    tokens.map((token) => {
      let from = 0;
      while (from < Math.min(start, token.length) && token[from] === content) from++;
      let to = token.length;
      while (token.length - to < stop && to > from && token[to - 1] === content) to--;
      return token.slice(from, to);
    });
}

/** What `tokenizers` takes out between words and marks (decoders/wordpiece.rs, `cleanup`). */
function cleanUp(text: string): string {
  return [
    [' .', '.'],
    [' ?', '?'],
    [' !', '!'],
    [' ,', ','],
    [" ' ", "'"],
    [" n't", "n't"],
    [" 'm", "'m"],
    [' do not', " don't"],
    [" 's", "'s"],
    [" 've", "'ve"],
    [" 're", "'re"],
  ].reduce((cleaned, [from = '', to = '']) => cleaned.replaceAll(from, to), text);
}
