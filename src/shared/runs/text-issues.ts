import {
  bytesForLearntToken,
  smallestVocabulary,
  suggestedVocabulary,
} from '../tokenizers/vocabulary-suggestion.ts';
import type { TokenizerConfiguration } from './configuration.ts';
import type { ConfigurationIssue } from './configuration-issue.ts';

/** What a run knows of its text. */
export interface TextFacts {
  /** Of the whole dataset, in UTF-8. */
  readonly bytes: number;
  /** Tokens to train on, and whether they were counted rather than estimated. */
  readonly trainTokens: number;
  readonly counted: boolean;
  /** Whether each document is an example of its own, however short; else they are cut into windows one after another. */
  readonly documentsApart?: boolean;
}

/** The largest power of two below a number: contexts are usually powers of two. */
function powerOfTwoBelow(number: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(2, number))) - 1);
}

/**
 * A context that goes well with a text of so many tokens: an eighth of it leaves several windows to draw from; never longer
 * than what is usual for small texts.
 */
export function fittingContext(tokens: number): number {
  return Math.min(256, powerOfTwoBelow(Math.max(2, tokens / 8)), Math.max(1, tokens - 1));
}

/** A context longer than its text. */
export function contextIssues(
  contextLength: number,
  { bytes, trainTokens, counted, documentsApart = false }: TextFacts,
): readonly ConfigurationIssue[] {
  if (documentsApart || trainTokens > contextLength) return [];
  // No tokenizer makes more tokens than there are bytes (and an end-of-text token a document): then it is certain.
  const certain = counted || bytes <= contextLength;
  const fitting = fittingContext(trainTokens);
  return [
    {
      rule: 'contextFitsText',
      severity: certain ? 'error' : 'warning',
      path: 'model.contextLength',
      what: `The training text has ${counted ? '' : 'about '}${Math.round(trainTokens)} tokens, which is not more than the context of ${contextLength}.`,
      remedy: 'Import more text, or choose a shorter context.',
      corrections:
        trainTokens < 2
          ? []
          : [
              {
                label: `A context of ${fitting}`,
                changes: [{ path: 'model.contextLength', value: fitting }],
              },
            ],
    },
  ];
}

/**
 * How many bytes of text a learnt token needs. Every merge needs a pair that occurs `minimumFrequency` times, and pairs
 * overlap: so few bytes a token cannot be enough.
 */
const bytesForToken = 4;

/** A vocabulary that the text does not bear. */
export function vocabularyIssues(
  { kind, vocabularySize, minimumFrequency }: TokenizerConfiguration,
  { bytes }: TextFacts,
): readonly ConfigurationIssue[] {
  if (kind === 'char') return [];
  const issue = (
    rule: string,
    severity: ConfigurationIssue['severity'],
    what: string,
    remedy: string,
    size: number,
  ): ConfigurationIssue => ({
    rule,
    severity,
    path: 'tokenizer.vocabularySize',
    what,
    remedy,
    corrections: [
      { label: `${size} tokens`, changes: [{ path: 'tokenizer.vocabularySize', value: size }] },
      { label: 'Characters as tokens', changes: [{ path: 'tokenizer.kind', value: 'char' }] },
    ],
  });
  if (vocabularySize < smallestVocabulary)
    return [
      issue(
        'vocabularyHoldsBytes',
        'error',
        `A vocabulary of ${vocabularySize} is too small: the 256 bytes and the end of a text take ${smallestVocabulary}.`,
        'Take at least 512, so that it learns pieces of words.',
        512,
      ),
    ];
  const possible = smallestVocabulary + Math.floor(bytes / (bytesForToken * minimumFrequency));
  const usual = Math.min(possible, suggestedVocabulary(bytes));
  if (vocabularySize > possible)
    return [
      issue(
        'vocabularyFitsText',
        'error',
        `A vocabulary of ${vocabularySize} cannot be learned from ${bytes} bytes of text.`,
        `The text supports ${possible} tokens at the very most; usual for so much text is ${usual}.`,
        usual,
      ),
    ];
  if (vocabularySize > Math.max(usual, Math.floor(bytes / bytesForLearntToken)))
    return [
      issue(
        'vocabularySeenOften',
        'warning',
        `A vocabulary of ${vocabularySize} is large for so little text: many of its tokens will be seen only a few times.`,
        `Usual for so much text is ${usual}.`,
        usual,
      ),
    ];
  return [];
}
