import type { Topic } from './term.ts';

/** What is said of a model's shape, and of what it takes to train one. */
export const models = {
  parameters: {
    name: 'Parameters',
    what: 'The numbers inside the model that training adjusts. Their count is the model’s size.',
    larger: 'The model can learn more, needs more text to do so, and takes more time and memory.',
    usual: 'One million for a first look, ten million for a night on a laptop, a hundred million for days.',
  },
  contextLength: {
    name: 'Context length',
    what: 'How many tokens the model sees at once when it predicts the next one.',
    larger: 'It can refer back further; training takes more time and memory.',
    usual: '64 for a first look, 256 to 1,024 for real work.',
  },
  architecture: {
    name: 'Architecture',
    what: 'How the model is built: how many layers, of which hidden size (how wide they are), and after which published model. All model types here are decoder-only Transformers, which read a text from left to right and predict each next token.',
    larger: 'More layers and a larger hidden size make a larger model.',
    usual: 'Layers and hidden size grow together: 4 layers of 128, 6 of 384, 12 of 768.',
  },
  modelType: {
    name: 'Model type',
    what: 'Which published model the layers follow. It decides how positions are marked, how values are kept in range and which other programs can load the result.',
    usual: 'GPT-2 for small models, Llama for what other programs expect today.',
  },
  embeddings: {
    name: 'Embeddings',
    what: 'The table with a row of numbers for each token, by which tokens enter the model (and leave it, where the table is shared).',
    larger:
      'A larger vocabulary or hidden size makes it larger; in small models it is often the largest part.',
    usual: 'A tenth to a half of a small model.',
  },
  attention: {
    name: 'Attention',
    what: 'The part of each layer in which a token gathers what it needs from the tokens before it.',
    larger: 'More of the context is made use of.',
    usual: 'About a third of the values in the layers.',
  },
  feedForward: {
    name: 'Feed-forward',
    what: 'The part of each layer that works on each token by itself. Much of what a model knows lies here.',
    larger: 'More can be remembered; time and memory grow in proportion.',
    usual: 'About two thirds of the values in the layers.',
  },
  norms: {
    name: 'Norms',
    what: 'Small parts that keep the values between layers in a range in which learning works.',
    usual: 'Less than one in a hundred values.',
  },
  memory: {
    name: 'Memory in training',
    what: 'What the training process takes at its peak: the weights, a gradient for each of them, two running means for the optimizer, the activations that the backward pass needs, and the program itself.',
    larger: 'Other programs have less; beyond what the machine has, training is ended by the system.',
    usual: '300 MB for a million parameters, 2.5 GB for a hundred million.',
  },
  activations: {
    name: 'Activations',
    what: 'What each layer computed on the way forward, kept until the backward pass has used it.',
    larger: 'More sequences at once, a longer context and more layers keep more.',
    usual: 'Less than the weights and the optimizer take; gradient checkpointing makes it smaller.',
  },
  optimizerState: {
    name: 'Optimizer',
    what: 'For every weight AdamW remembers the mean of its recent gradients and of their squares, to choose how far to move it.',
    usual: 'Twice the size of the weights. It is saved with each checkpoint, so that training can go on.',
  },
  trainingTime: {
    name: 'Training time',
    what: 'How long the run will take here, with its evaluations. It is measured for this very model, estimated from a measurement of another one, or a rough guess where nothing was measured on this machine yet.',
    larger: 'More steps, a larger model, more sequences in a step or a longer context take longer.',
    usual: 'Minutes for a first look, a night for a small model, days for a hundred million parameters.',
  },
  passes: {
    name: 'Passes over the text',
    what: 'How often the run goes through the whole training text (epochs).',
    larger: 'The model learns more of the text, and beyond about ten passes it begins to learn it by heart.',
    usual: '1 to 10. With little text, more passes and some dropout.',
  },
  expectation: {
    name: 'What to expect',
    what: 'How a model of this size writes after so much training, as a rule of thumb. The number of tokens it trains on says most; passes over the same text beyond a dozen add little.',
    larger:
      'More tokens, more parameters and more text give better writing, each only together with the others.',
    usual:
      'A model of a million parameters learns words, ten million phrases, a hundred million passages – given enough text.',
  },
  estimate: {
    name: 'Estimate',
    what: 'What the run will take and give, reckoned from the settings before anything is done. The number of parameters is exact; everything else says how it was come by.',
    usual: 'Measure on this machine where the time matters: it takes half a minute at most.',
  },
  startModel: {
    name: 'Model to begin with',
    what: 'A model that has learned already, from this project or from elsewhere. The run copies it and trains the copy on your text, with a small learning rate so that it keeps what it knows.',
    usual:
      'A model trained on much text of the same language; a tenth of the learning rate of training from nothing.',
  },
  preset: {
    name: 'Preset',
    what: 'Settings that go well together, as a starting point.',
    usual: 'Begin with the smallest, look at what it writes, then take the next.',
  },
  tokenizer: {
    name: 'Tokenizer of the model',
    what: 'What cuts text into the tokens that the model reads and writes. A model works only with the tokenizer that it was trained with.',
    usual: 'One learned from the same text, with 1,000 to 8,000 tokens for a small model.',
  },
  checkpoint: {
    name: 'Checkpoint',
    what: 'The model as it was after some step, saved so that it can be used, compared and gone on with.',
    larger: 'More of them kept take more disk: twelve bytes for each parameter.',
    usual: 'The best one and the latest two.',
  },
} as const satisfies Topic;
