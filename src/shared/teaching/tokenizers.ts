import type { Topic } from './term.ts';

/** What is said of cutting text into pieces. */
export const tokenizers = {
  tokenizer: {
    name: 'Tokenizer',
    what: 'Cuts text into tokens and gives each a number, because a model reads and writes numbers. It is learned once from your texts and belongs to every model that is trained with it.',
  },
  token: {
    name: 'Token',
    what: 'A piece of text that the model reads and writes as one unit: often a word or a part of one.',
  },
  tokenId: {
    name: 'Token id',
    what: 'The number of a token in the vocabulary. This number is all that the model sees of it.',
  },
  tokenBytes: {
    name: 'Bytes',
    what: 'How the computer stores the token’s text, in UTF-8, two hexadecimal digits a byte. Plain English letters take one byte, accented and Cyrillic letters two, Chinese characters three, most emoji four.',
  },
  vocabularySize: {
    name: 'Vocabulary size',
    what: 'How many different tokens there are.',
    larger:
      'Texts become fewer tokens, so the model sees more text at once and writes faster. Its table of tokens grows, and rare tokens are seen too seldom to be learned well.',
    usual: '1,000 to 8,000 for a small model on one subject; 30,000 to 100,000 for large general ones.',
  },
  kind: {
    name: 'Kind of tokenizer',
    what: 'Pieces of words (byte-pair encoding) joins what often stands together, from single bytes up to whole words; it can say any text. Characters makes each character a token; it knows only the characters of your texts.',
    usual: 'Pieces of words. Characters for very small models and first experiments.',
  },
  minimumFrequency: {
    name: 'Minimum frequency',
    what: 'How often two pieces must stand side by side in the texts before they become one token.',
    larger: 'Fewer tokens for names and typing errors; the vocabulary may stay smaller than you asked for.',
    usual: '2. More for large collections with many odd strings.',
  },
  tokensPerWord: {
    name: 'Tokens per word',
    what: 'Into how many tokens a word is cut on average. Each Chinese or Japanese character counts as a word here.',
    larger:
      'Texts take more tokens: training and writing take longer, and less text fits into the model’s view.',
    usual: '1.2 to 1.6 on text like the one it was learned from; over 2.5 it does not fit the text.',
  },
  bytesPerToken: {
    name: 'Bytes per token',
    what: 'How much text a token stands for on average.',
    larger: 'The same text takes fewer tokens.',
    usual: '3 to 4.5 on English with pieces of words; 1 with characters.',
  },
  partialTokens: {
    name: 'Parts of characters',
    what: 'The share of tokens that are single bytes of a character which the vocabulary does not hold as a whole. Nothing is lost, but such text costs several tokens a character.',
    larger: 'The tokenizer knows this script or these signs badly.',
    usual: 'Below 1% on text like the one it was learned from.',
  },
  unknownTokens: {
    name: 'Unknown',
    what: 'The share of tokens that stand for characters which the vocabulary lacks. The model cannot tell them apart, and they do not come back when it writes.',
    usual: '0%. Pieces of words never has any.',
  },
  vocabularyParameters: {
    name: 'Parameters of the vocabulary',
    what: 'Numbers that the model must learn for its table of tokens: one row of the model’s width for each token, twice if input and output do not share the table.',
    larger: 'Less of a model of a given size is left for its layers.',
    usual: 'Under a third of the whole model.',
  },
  restored: {
    name: 'Comes back unchanged',
    what: 'Whether decoding the tokens gives exactly the text that went in. If not, the tokenizer changes text (lower case, accents, spaces) or lacks characters.',
    usual: 'Yes with tokenizers made in Loam from pieces of words.',
  },
} as const satisfies Topic;
