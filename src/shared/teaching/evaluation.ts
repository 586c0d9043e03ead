import type { Topic } from './term.ts';

/** What is said of measuring a model. */
export const evaluation = {
  evaluation: {
    name: 'Evaluation',
    what: 'The model reads a text and says before each token how likely it thinks it. The more surprised it is on average, the worse it knows such text. Nothing is written and nothing is learned.',
  },
  loss: {
    name: 'Loss',
    what: 'How surprised the model is by each next token, on average, in nats (the natural logarithm).',
    larger: 'It predicts worse.',
    usual: 'Between 1.5 and 4 for small models. Only comparable between models with the same tokenizer.',
  },
  split: {
    name: 'Part',
    what: 'Which part of the dataset is measured. The part kept aside is new to a model that trained on the rest, so it says how the model does on text that it has not seen.',
    usual: 'The part kept aside of its own data; all of any other data.',
  },
  familiarity: {
    name: 'What the text is to the model',
    what: 'A model does better on text that it was trained on. Figures are only honest on text that is new to it, so each measurement says which it was.',
  },
  interval: {
    name: 'Interval',
    what: 'How large the difference would be on other records like these: between these two figures in 95 of 100 cases. Where zero lies between them, the difference may be chance.',
    larger: 'The records say less. More of them kept aside make it narrower.',
  },
  exactMatch: {
    name: 'The same as the record',
    what: 'The share of answers that are the record’s to the letter, but for white space.',
    larger: 'More answers come out as the records have them.',
    usual: 'High for forms, codes and fixed wordings; near zero for free text.',
  },
  rougeL: {
    name: 'ROUGE-L',
    what: 'How many words of the answer and of the record’s stand in both, in the same order.',
    larger: 'The answers say more of the same in the same words.',
    usual: 'It knows no synonyms: a good answer in other words scores low.',
  },
  chrf: {
    name: 'chrF',
    what: 'How many short runs of letters the answer and the record’s have in common.',
    larger: 'The answers are more alike, letter by letter.',
    usual: 'Steadier than ROUGE-L for short answers, and for languages with many endings.',
  },
} as const satisfies Topic;
