/** The texts of the screen Evaluate. */
export const strings = {
  title: 'Evaluate',
  lead: 'Measure how well a model predicts a text, and compare models on the same text.',

  emptyModelsTitle: 'No model to measure yet',
  emptyModelsText: 'Train one first; on the bundled sample it takes a few minutes. Or import a model folder.',
  emptyDataTitle: 'No text to measure on',
  emptyDataText: 'Add a dataset: the text that the model was trained on has a part kept aside for this.',
  toData: 'Go to Data',

  measure: 'Measure a model',
  model: 'Model',
  dataset: 'Dataset',
  chooseDataset: 'Choose a dataset',
  part: 'Part',
  partValidation: 'The part kept aside',
  partTrain: 'The part trained on',
  partAll: 'All of it',
  start: 'Measure',
  dismiss: 'Dismiss',
  usualFor: 'Usual for this model and dataset.',

  keptAside: 'kept aside',
  trainedOn: 'trained on',
  partlyTrainedOn: 'partly trained on',
  new: 'new to it',
  unknown: 'unknown',
  keptAsideText: 'This part was kept aside when the model trained: it is new to the model.',
  trainedOnText: 'The model was trained on this text. It does worse on any other.',
  partlyTrainedOnText:
    'The model was trained on some of this text. Import the new files as a dataset of their own to measure them alone.',
  bothPartsText:
    'The model was trained on most of this text. Choose the part kept aside to measure it on what is new to it.',
  otherRecipeText:
    'The dataset’s recipe or texts were changed since the model trained; its files are the same. The model knows most of this text, whichever part is measured: compare it only with models of the same training text.',
  newText: 'The model was not trained on any of these files.',
  unknownText: 'The model’s folder does not say what it was trained on: it may know this text.',

  results: 'Results',
  compare: 'Compare',
  views: 'What to look at',
  search: 'Search results',
  noneFound: 'No result is like that.',
  none: 'Nothing was measured yet. Choose a model and a dataset above.',
  columnModel: 'Model',
  columnDataset: 'Dataset',
  columnLoss: 'Loss',
  columnBaseline: 'Against {{baseline}}',
  objective: 'What was measured',
  predictionsOf: '{{counted}} {{noun}}',
  columnActions: 'Actions',
  splitValidation: 'kept aside',
  splitTrain: 'trained on',
  splitAll: 'all',
  delete: 'Delete this result',
  notNumber: 'no number',
  notNumberHint: 'The model computes no numbers: its training diverged.',
  muchBetter: 'much better',
  better: 'better',
  noBetter: 'no better',
  adviceLonger: 'train it for longer',
  adviceOther: 'unlike its training text',
  worse: 'worse',
  outcome: '{{model}} on {{dataset}} ({{part}}): {{figure}} {{value}}',
  outcomeNone: '{{model}} could not be measured on {{dataset}} ({{part}})',
  muchBetterText:
    'Its loss of {{loss}} is far below the {{baselineLoss}} of {{baseline}}: it has learned much more than that.',
  betterText:
    'Its loss of {{loss}} is below the {{baselineLoss}} of {{baseline}}, though not by much: longer training may help.',
  noBetterText:
    'Its loss of {{loss}} is no better than the {{baselineLoss}} of {{baseline}}: it has hardly learned more than that yet. Train it for longer.',
  worseText:
    'Its loss of {{loss}} is worse than the {{baselineLoss}} of {{baseline}}: it has learned too little yet, or this text is unlike the one it was trained on.',
  noBaseline: 'There is no simpler way of doing this to compare it with.',
  noVerdict:
    'There is nothing to compare with: the encoded text that the model was trained on is not in this project.',

  compareOn: 'Compare on',
  compareLowerText:
    '{{figure}} on the same text: shorter is better. Only the newest result of each model counts.',
  compareHigherText:
    '{{figure}} on the same text: longer is better. Only the newest result of each model counts.',
  compareEmptyTitle: 'Nothing to compare yet',
  compareEmptyText: 'Measure two models on the same part of the same dataset.',
  compareOption: '{{dataset}}, {{part}} ({{models}} models)',
  bestOf: 'best',
} as const;
