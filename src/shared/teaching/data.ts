import type { Topic } from './term.ts';

/** What is said of texts and how they are prepared. */
export const data = {
  document: {
    name: 'Document',
    what: 'One piece of text that stands by itself: a report, a mail, a record. The model learns where documents begin and end.',
  },
  dataset: {
    name: 'Dataset',
    what: 'The documents that a model learns from, gathered under one name. A dataset is never changed in place: each edit makes a new version.',
    larger: 'The model learns more words, facts and turns of phrase, and repeats single texts less.',
    usual: 'A few megabytes of text for a first model; more text lets a larger model learn more.',
  },
  characters: { name: 'Characters', what: 'How many letters, digits and signs the text has.' },
  words: {
    name: 'Words',
    what: 'Stretches of text between blanks. Chinese and Japanese write no blanks, so there the figure says little.',
  },
  tokens: {
    name: 'Tokens',
    what: 'How many units the model reads, cut by the tokenizer you choose. Training time goes by tokens.',
    larger: 'Longer to read once; more to learn from.',
    usual: 'About 20 tokens for each parameter of the model, if you have that much text.',
  },
  source: {
    name: 'Source',
    what: 'A file that you gave. Loam keeps it as it is, under a hash of its content; all changes are steps of the recipe.',
  },
  keepInPlace: {
    name: 'Leave files where they are',
    what: 'The dataset points to your files instead of a copy in the project. Saves disk space; each file is hashed again before it is used, so that a changed file is noticed.',
    usual: 'Off: a copy keeps a model’s data safe when the files are moved or edited.',
  },
  columns: {
    name: 'Columns',
    what: 'What each column of a table is for. Text columns become the document; instruction, input and output become a question with its answer; a label names the class; ignored columns are left out.',
  },
  recipe: {
    name: 'Recipe',
    what: 'The list of steps that make the documents from the sources: leaving out, editing, mapping columns. Each step can be undone, and the recipe can be repeated on other files.',
  },
  version: {
    name: 'Version',
    what: 'A hash over the sources and the recipe. Two datasets with the same version hold the same text; runs remember the version that they learned from.',
  },
  duplicates: {
    name: 'Duplicates',
    what: 'Documents whose text an earlier one has to the letter.',
    larger: 'The model learns repeated texts by heart and writes them back.',
    usual: 'Leave them out, unless repetition means something in your data.',
  },
  empty: {
    name: 'Empty',
    what: 'Documents of nothing but blanks. There is nothing to learn from them.',
    usual: 'Leave them out.',
  },
  suspicious: {
    name: 'Suspicious encoding',
    what: 'Text that looks as if it was read in a wrong encoding: “Ã¤” for “ä”, or boxes and question marks in the middle of words.',
    larger: 'The model learns to write the same gibberish.',
    usual: 'Look at a few; then leave them out or import the file again.',
  },
  lengths: {
    name: 'Length of documents',
    what: 'How many characters documents have. Bars double in width from left to right.',
    usual:
      'Whatever your texts are. Look at both ends: very short ones are often headings or leftovers, very long ones several documents in one.',
  },
  languages: {
    name: 'Languages',
    what: 'The language of each document, guessed from its letters. Short or mixed texts cannot be told.',
    usual: 'One or two languages learn best in a small model.',
  },
  encodings: {
    name: 'Encodings',
    what: 'How the bytes of your files stand for letters, as found at import. Everything becomes UTF-8 inside Loam.',
  },
  labels: {
    name: 'Labels',
    what: 'The class of each document, from a column that you mapped to “label”.',
  },
  beforeAfter: {
    name: 'Before and after',
    what: 'Before is what the sources give; after is what the recipe makes of it, and what a model learns from.',
  },
} as const satisfies Topic;
