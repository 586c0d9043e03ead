import type { Topic } from './term.ts';

/** What is said of letting a model write. */
export const writing = {
  prompt: {
    name: 'Prompt',
    what: 'The text that the model goes on from. A model trained on plain text answers no questions: it continues what you began, in the manner of what it was trained on.',
    larger: 'The model has more to go by, up to its context length; it forgets what came before that.',
    usual: 'A few words to a few sentences like the beginnings of your own texts.',
  },
  temperature: {
    name: 'Temperature',
    what: 'How boldly the next token is drawn from those that the model thinks possible.',
    larger: 'Texts become more varied and more often wrong. At 0 the likeliest token is always taken.',
    usual: '0.7 to 1.',
  },
  maximumTokens: {
    name: 'Length',
    what: 'How many tokens are written at most. A word is one or two of them. The model may end sooner, where it thinks that the text is complete.',
    larger: 'Longer texts, which take longer to write.',
    usual: '100 to 500.',
  },
  topK: {
    name: 'Top k',
    what: 'Only so many of the likeliest tokens are drawn from. 0 means all.',
    larger: 'Rarer words get a chance. With 1 the likeliest token is always taken.',
    usual: '0, or 40.',
  },
  topP: {
    name: 'Top p',
    what: 'Only the likeliest tokens that together have this probability are drawn from: few where the model is sure, many where it is not.',
    larger: 'Rarer words get a chance. 1 means all.',
    usual: '0.9 to 1.',
  },
  minimumP: {
    name: 'Minimum p',
    what: 'Leaves out every token that is less than this fraction as likely as the likeliest one.',
    larger: 'Safer and more uniform texts. 0 leaves out nothing.',
    usual: '0, or 0.05 together with a temperature above 1.',
  },
  repetitionPenalty: {
    name: 'Repetition penalty',
    what: 'Makes tokens that occurred already less likely, so that a text does not go round in circles.',
    larger: 'Fewer repetitions; too much makes the text avoid even the words that it needs.',
    usual: '1 (none) to 1.2.',
  },
  stop: {
    name: 'Stop texts',
    what: 'Texts that end the writing as soon as they come. They themselves are not shown. Write \\n for the end of a line.',
    usual: 'None, or \\n to have one line.',
  },
  seed: {
    name: 'Seed',
    what: 'Where the random numbers start that choose among possible tokens. The same seed, settings and prompt write the same text.',
    usual: 'A new one each time; a fixed one to compare settings or checkpoints.',
  },
  probability: {
    name: 'Token probabilities',
    what: 'How likely the model thought each token that it wrote, before temperature and the other settings changed the odds. The alternatives are what it thought likeliest at that place.',
    larger: 'The model was surer. Long stretches near 100% are text that it knows by heart.',
    usual: 'Mixed: the ends of words are nearly certain, the beginnings of new thoughts are not.',
  },
  tokensPerSecond: {
    name: 'Tokens per second',
    what: 'How fast the model wrote, measured after its first token.',
    larger: 'Text appears faster. Smaller models and more free cores help.',
    usual: '10 and more is faster than one reads.',
  },
  chatTemplate: {
    name: 'Chat',
    what: 'Some models were trained on conversations, with marks for who says what. Their folder holds a template that sets those marks. Models without one continue a text instead.',
  },
  systemPrompt: {
    name: 'System prompt',
    what: 'What the model is told before a conversation begins: who it is, how it shall answer. It follows it as far as it was trained on conversations that begin so; some models take none.',
    larger: 'More to go by, and less room in its context for the conversation.',
    usual: 'Empty, or one or two sentences.',
  },
  sideBySide: {
    name: 'Side by side',
    what: 'Two checkpoints write from the same prompt with the same settings and seed, so that what differs is the models.',
  },
} as const satisfies Topic;
