import { settingsWith } from '../runs/setting-keys.ts';
import type { Term } from './term.ts';

/** What a setting of a run's configuration is called and what else there is to say of it, besides its description (or in place of it). */
const more: Readonly<Record<string, Omit<Term, 'what'> & Partial<Pick<Term, 'what'>>>> = {
  objective: { name: 'Objective', usual: 'next-token, for a model that writes.' },
  'tokenizer.kind': {
    name: 'Kind of tokenizer',
    what: 'With bpe, pieces of words are learned from the text; with char, every character is a token.',
    usual: 'bpe.',
  },
  'tokenizer.vocabularySize': {
    name: 'Vocabulary size',
    larger: 'Texts become fewer tokens, and the model needs more parameters for its table of tokens.',
    usual: '1,000 to 8,000 for a small model on one subject.',
  },
  'tokenizer.minimumFrequency': {
    name: 'Minimum frequency',
    larger: 'Rare pieces of words are not learned; the vocabulary may stay smaller.',
    usual: '2.',
  },
  'data.validationFraction': {
    name: 'Validation share',
    larger: 'The measured loss is more exact, and less text is left to learn from.',
    usual: '0.05 to 0.1.',
  },
  'data.split': {
    name: 'Split',
    what: 'What is kept aside to measure on: whole documents (document), or the end of one long text (position). With auto it is documents where there are at least 20.',
    usual: 'auto.',
  },
  'training.steps': {
    name: 'Steps',
    larger: 'The model sees more text and takes longer.',
    usual: 'A few thousand for small models.',
  },
  'training.minutes': {
    name: 'Time budget in minutes',
    larger: 'More steps are made.',
    usual: '10 for a first look, 480 for a night.',
  },
  'training.batchSize': {
    name: 'Batch size',
    larger: 'Each step is steadier and takes longer.',
    usual: '8 to 64.',
  },
  'training.microBatchSize': {
    name: 'Micro-batch size',
    larger: 'Each step may be faster and needs more memory; what is learned stays the same.',
    usual: 'auto.',
  },
  'training.learningRate': {
    name: 'Learning rate',
    larger: 'It learns faster, until the loss jumps or grows: then it is too large.',
    usual: '0.001 for small models, 0.0003 for larger ones.',
  },
  'training.minimumLearningRate': {
    name: 'Final learning rate',
    larger: 'The last steps still change much, and the end result is less settled.',
    usual: 'A tenth of the learning rate.',
  },
  'training.schedule': { name: 'Schedule', usual: 'cosine.' },
  'training.warmupSteps': {
    name: 'Warm-up steps',
    larger: 'The beginning is gentler and slower.',
    usual: '50 to 500.',
  },
  'training.decayFraction': {
    name: 'Decay share',
    what: 'With the schedule wsd, the share of the steps at the end over which the learning rate falls.',
    larger: 'The learning rate falls for longer.',
    usual: '0.1 to 0.2.',
  },
  'training.beta1': { name: 'Beta 1', larger: 'The direction changes more slowly.', usual: '0.9.' },
  'training.beta2': {
    name: 'Beta 2',
    larger: 'Step sizes adapt more slowly and more steadily.',
    usual: '0.95, or 0.99 for small batches.',
  },
  'training.epsilon': { name: 'Epsilon', usual: '1e-8.' },
  'training.weightDecay': {
    name: 'Weight decay',
    larger: 'Weights stay smaller; the model memorises less, and too much of it learns less.',
    usual: '0.1.',
  },
  'training.gradientClipping': {
    name: 'Gradient clipping',
    larger: 'Unusual batches may move the model further.',
    usual: '1.',
  },
  'training.evaluationInterval': {
    name: 'Evaluation interval',
    larger: 'Training is measured less often and goes a little faster.',
    usual: '100 to 500 steps.',
  },
  'training.evaluationTokens': {
    name: 'Evaluation tokens',
    larger: 'The measured loss is more exact and takes longer.',
    usual: 'At most 100,000.',
  },
  'training.checkpointInterval': {
    name: 'Checkpoint interval',
    larger: 'Less is written to the disk, and more is lost if the machine stops.',
    usual: 'As the evaluation interval.',
  },
  'training.keepCheckpoints': {
    name: 'Checkpoints kept',
    larger: 'More earlier states can be gone back to, and more disk space is used.',
    usual: '2.',
  },
  'training.trainedLayers': {
    name: 'Layers that learn',
    larger: 'More of the model adapts to the new text; memory and time grow.',
    usual: 'All; 2 to 4 where memory is short.',
  },
  'training.method': {
    name: 'What learns',
    usual: 'lora for a model that is there already; full for a new one.',
  },
  'training.lora.rank': {
    name: 'Rank of the adapters',
    larger: 'The adapters can learn more, and take more memory.',
    usual: '8 to 64.',
  },
  'training.lora.alpha': {
    name: 'Alpha of the adapters',
    larger: 'What the adapters learn counts for more, as with a higher learning rate.',
    usual: 'Twice the rank.',
  },
  'training.lora.layers': { name: 'Layers with adapters', usual: 'all.' },
  'training.lora.rankStabilized': {
    name: 'Rank-stabilized scale',
    usual: 'Off; on for ranks of 64 and more.',
  },
  'training.earlyStoppingPatience': {
    name: 'Patience of early stopping',
    larger: 'Training goes on for longer without an improvement.',
    usual: 'Off, or 5 where the text is little.',
  },
  'training.guard.lossSpike': {
    name: 'Loss spike',
    larger: 'Only larger jumps of the loss count as trouble.',
    usual: '3.',
  },
  'training.guard.action': { name: 'At a spike', usual: 'rollback.' },
  'training.guard.maximumRollbacks': {
    name: 'Rollbacks at most',
    larger: 'Training tries for longer to save itself.',
    usual: '3.',
  },
  'training.gradientCheckpointing': { name: 'Gradient checkpointing', usual: 'Off, unless memory is short.' },
  'training.lossChunks': {
    name: 'Loss chunks',
    larger: 'Less memory is needed, and steps may take a little longer.',
    usual: 'auto.',
  },
  'training.seed': { name: 'Seed', usual: 'Any number; another one shows how much is chance.' },
  'training.sample.prompt': { name: 'Prompt of the samples', usual: 'Empty.' },
  'training.sample.maximumTokens': {
    name: 'Length of the samples',
    larger: 'Samples are longer and each evaluation takes a little longer.',
    usual: '64.',
  },
  'training.sample.temperature': {
    name: 'Temperature of the samples',
    larger: 'Samples are more varied and more often wrong.',
    usual: '0.8.',
  },
  'training.sample.topK': {
    name: 'Top k of the samples',
    larger: 'Rarer tokens may be drawn too.',
    usual: '40.',
  },
  'engine.name': {
    name: 'Engine',
    usual:
      'Automatic: the one that was measured to be clearly faster here; TensorFlow uses a card of NVIDIA’s (install it under Hardware).',
  },
  'engine.threads': {
    name: 'Threads',
    larger: 'Training is faster, up to the number of cores.',
    usual: 'As many as there are cores.',
  },
  'engine.freeCores': {
    name: 'Free cores',
    larger: 'The machine stays quicker for other work, and training takes longer.',
    usual: '0 overnight, 1 or 2 while you work.',
  },
};

const byPath: ReadonlyMap<string, Term> = new Map(
  settingsWith([]).map(({ path, description }): [string, Term] => [
    path,
    { name: path, what: description, ...more[path] },
  ]),
);

/**
 * What a setting that every run has is, by its place with dots; undefined where there is no such setting. Those of a model
 * are explained where they are declared.
 */
export function explainCommonSetting(path: string): Term | undefined {
  return byPath.get(path);
}
