import type { Topic } from './term.ts';

/** What is said of learning. */
export const training = {
  run: {
    name: 'Run',
    what: 'One training of a model: its settings, what it learned step by step, and the checkpoints that it saved.',
  },
  loss: {
    name: 'Loss',
    what: 'How surprised the model is by each next token, on average. Training makes it smaller.',
    larger: 'The model predicts worse.',
    usual:
      'It begins near the logarithm of the vocabulary size (7 for 1,000 tokens) and falls quickly at first, then slowly.',
  },
  validationLoss: {
    name: 'Validation loss',
    what: 'The loss on text that was kept aside and that the model never trains on. It says how well the model does on new text.',
    larger: 'The model predicts new text worse.',
    usual: 'A little above the training loss. Only comparable between runs with the same data and tokenizer.',
  },
  bestLoss: {
    name: 'Best loss',
    what: 'The lowest validation loss of the run so far. The checkpoint of that step is kept, and is what is used when you name the run.',
    larger: 'The run’s best model predicts worse.',
  },
  step: {
    name: 'Step',
    what: 'One round of learning: the model reads a batch of text, sees how wrong it was, and every parameter moves a little.',
    larger: 'More steps mean more learning and more time.',
  },
  parameters: {
    name: 'Parameters',
    what: 'The numbers inside the model that training adjusts.',
    larger: 'The model can learn more, and trains and writes more slowly.',
    usual: 'One million to a hundred million on a laptop.',
  },
  learningRate: {
    name: 'Learning rate',
    what: 'How far each step moves the parameters.',
    larger: 'It learns faster, until the loss jumps or grows: then it is too large.',
    usual: '0.001 for small models, 0.0003 for larger ones.',
  },
  checkpoint: {
    name: 'Checkpoint',
    what: 'The model as it was after a step, saved in a folder of its own with everything that is needed to go on from there.',
    usual: 'The best and the newest few are kept.',
  },
  branch: {
    name: 'Branch',
    what: 'A new run that begins with a checkpoint of another. Taking everything, it goes on at that step with what the optimizer remembers and at the same place in the text; taking the weights only, it begins at step 0.',
    usual: 'To try another learning rate from the middle, or to train a finished run for longer.',
  },
  sample: {
    name: 'Sample',
    what: 'A few words that the model wrote when it was measured, from the same beginning each time.',
    usual: 'Noise at first, then words, then sentences.',
  },
  calibration: {
    name: 'Calibration',
    what: 'The short measurement at a run’s start: how many sequences to compute at once, and how many steps fit into the time.',
  },
  queue: {
    name: 'Waiting',
    what: 'One run trains at a time, since training uses the whole machine. The others wait for their turn in an order that you can change.',
  },
} as const satisfies Topic;
