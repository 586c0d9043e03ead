import { settingAt } from '../../../shared/runs/configuration-issue.ts';
import { modelSetting } from '../../client/architectures.ts';

/** Those of a model's settings that mean anything beside the others. */
export function meaningfulSettings(paths: readonly string[], configuration: unknown): readonly string[] {
  return paths.filter((path) => {
    const unless = modelSetting(path, configuration)?.unless;
    if (unless === undefined) return true;
    const other = modelSetting(unless.path, configuration);
    const value = settingAt(configuration, unless.path) ?? other?.default;
    return !unless.values.some((each) => each === value);
  });
}
