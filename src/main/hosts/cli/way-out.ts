import { shellWord } from './format.ts';
import { assertNever, type ErrorAction, type ReadingChoice } from '../../../shared/errors.ts';

const readingOptions: Readonly<Record<ReadingChoice, string>> = {
  encoding: 'To choose the encoding: --encoding NAME.',
  records: 'To choose the list: --records KEY.',
  leaveOutBadRecords: 'To import the rest: --leave-out-bad-records.',
};

/** The command that does what helps against an error, as a sentence. */
export function commandFor(action: ErrorAction): string {
  switch (action.do) {
    case 'createProject':
      return 'A new one: `loam init`; another one: --project DIR.';
    case 'trustProject':
      return `To agree: \`loam project trust ${shellWord(action.folder)}\`.`;
    case 'resumeRun':
      return `To go on: \`loam resume ${shellWord(action.run)}\`.`;
    case 'listRuns':
      return 'All runs: `loam runs list`.';
    case 'replaceDataset':
      return 'To give the name to the new files: --replace.';
    case 'replaceExport':
      return 'To replace it: --replace.';
    case 'chooseReading':
      return readingOptions[action.choice];
    case 'freeSpace':
      return 'What deleting a run frees: `loam runs delete RUN`.';
    case 'restoreStore':
      return 'To do so: `loam restore`.';
    case 'verifyProject':
      return 'To check it: `loam verify`; to take what stands there as right: `loam verify --accept`.';
    case 'listSettings':
      return 'What is set: `loam settings`.';
    case 'listConfigurationKeys':
      return 'All settings of a run: `loam config keys`.';
    case 'showPreset':
      return 'A whole one: `loam presets nano`.';
    case 'installEngine':
      return `To install it: \`loam engine install tensorflow${action.device === 'gpu' ? ' --gpu' : ''}\`.`;
    case 'resumeOnEngine':
      return `To go on: \`loam resume ${shellWord(action.run)} --engine ${action.engine}\`; to install it: \`loam engine install tensorflow\`.`;
    default:
      return assertNever(action);
  }
}
