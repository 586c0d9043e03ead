import { strings as activity } from './activity.ts';
import { strings as chart } from './chart.ts';
import { strings as check } from './check.ts';
import { strings as compare } from './compare.ts';
import { strings as data } from './data.ts';
import { strings as evaluate } from './evaluate.ts';
import { strings as exporting } from './export.ts';
import { strings as hardware } from './hardware.ts';
import { strings as kit } from './kit.ts';
import { strings as models } from './models.ts';
import { strings as newModel } from './new-model.ts';
import { strings as run } from './run.ts';
import { strings as runs } from './runs.ts';
import { strings as settings } from './settings.ts';
import { strings as shell } from './shell.ts';
import { strings as start } from './start.ts';
import { strings as tokenizers } from './tokenizers.ts';
import { strings as write } from './write.ts';

/** Every text that the window shows in English, by namespace: one file a screen. A second language is a folder like this one. */
export const en = {
  kit,
  chart,
  shell,
  start,
  data,
  tokenizers,
  'new-model': newModel,
  runs,
  run,
  compare,
  models,
  write,
  evaluate,
  export: exporting,
  activity,
  check,
  settings,
  hardware,
} as const;

/** A screen's texts. */
export type Namespace = keyof typeof en;
