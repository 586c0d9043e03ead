import type { Topic } from './term.ts';

/** What is said of a run's charts. */
export const charts = {
  loss: {
    name: 'Loss over the run',
    what: 'One line is the loss on the text that the model trains on, the other on text that it never sees. While both fall, it learns something that holds for new text.',
    larger: 'The model predicts worse.',
    usual:
      'A steep fall at first, then a slow one. The validation line lies a little above the training line; when it turns upwards while the other falls, the model learns its text by heart.',
  },
  learningRate: {
    name: 'Learning rate over the run',
    what: 'How far each step moves the parameters. It rises during the warm-up and falls towards the end, as the schedule says.',
    usual: 'A short rise, then a long fall to about a tenth.',
  },
  gradientNorm: {
    name: 'Gradient norm',
    what: 'How strongly a step’s text pulls at the parameters, before it is clipped. It tells of trouble before the loss does.',
    larger: 'Single steps pull harder. Clipping shortens them to the limit that is set.',
    usual:
      'High in the first steps, then around one and steady. Jumps to many times that, again and again, mean that the learning rate is too high.',
  },
  tokensPerSecond: {
    name: 'Speed',
    what: 'How many tokens are trained on in a second, averaged over recent steps.',
    larger: 'The run is done sooner.',
    usual: 'Steady. It dips while other programs use the processor and while the model is measured or saved.',
  },
  memory: {
    name: 'Memory',
    what: 'What the training process holds in the machine’s memory.',
    larger:
      'Less is left for other programs; when nothing is left, the machine becomes slow or ends the run.',
    usual: 'Flat after the first steps.',
  },
  smoothing: {
    name: 'Smoothing',
    what: 'Draws a moving average over the measured values, so that the trend can be seen through the noise.',
    larger: 'The line becomes calmer and follows changes later.',
    usual: 'Enough to see the trend, and none when you look for single jumps.',
  },
  band: {
    name: 'The pale band',
    what: 'Where many steps share one point of the line, the band reaches from the smallest to the largest of their values. Zoom in to see the single steps.',
    larger: 'The values within a point differ more.',
  },
  logarithmic: {
    name: 'Logarithmic',
    what: 'Equal distances on the axis mean equal factors instead of equal differences, so that small changes at the end can be seen beside large ones at the start.',
  },
  axis: {
    name: 'X axis',
    what: 'What runs from left to right: optimizer steps, time trained, or tokens read. To compare models of different size, take time (what it costs) or tokens (what they have read).',
  },
  diagnostics: {
    name: 'Diagnostics',
    what: 'Loam looks at the curves and says when something is unusual, where, and one thing to change. Where there is none, nothing stands out.',
  },
} as const satisfies Topic;
