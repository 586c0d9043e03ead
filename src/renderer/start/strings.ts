/** What the start screen says. */
export const strings = {
  title: 'Loam',
  lead: 'Build a language model from your own text, on this machine.',
  today:
    'Today Loam works from the command line. These steps take you from a folder of text to a model that writes:',
  more: 'In a clone of the project, write “npm run loam --” for “loam”. “loam --help” lists everything.',
} as const;

/** The way from text to a model, step by step. */
export const steps: readonly { readonly command: string; readonly what: string }[] = [
  { command: 'loam quickstart', what: 'Everything once with sample text, in about three minutes.' },
  { command: 'loam init my-project', what: 'Make a project of your own.' },
  { command: 'loam dataset import reports *.txt', what: 'Bring your text in.' },
  {
    command: 'loam tokenizer train pieces --dataset reports',
    what: 'Learn the pieces that the text is made of.',
  },
  {
    command: 'loam train --dataset reports --tokenizer pieces --preset nano',
    what: 'Train a model and watch its loss fall.',
  },
  { command: 'loam generate RUN --prompt "Dear"', what: 'Let it write.' },
];
