import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineState } from '../../../shared/engines/contract.ts';
import { engineNames, engineTitles, type EngineName } from '../../../shared/engines/engine.ts';
import { settingAt, type SettingChange } from '../../../shared/runs/configuration-issue.ts';
import { api } from '../../client/client.ts';
import { Select } from '../../components/select.tsx';

/** The setting that names an engine. Left out of a configuration, the studio's usual one trains. */
export const enginePath = 'engine.name';

/** The engines of this machine; they may have been installed, measured or chosen between two visits of the wizard. */
function useEngines() {
  return useQuery({ ...api.engines.list.queryOptions(), refetchOnMount: 'always' }).data;
}

/** The engine that a configuration names, if it does. */
function namedEngine(configuration: unknown): EngineName | undefined {
  const given = settingAt(configuration, enginePath);
  return engineNames.find((name) => name === given);
}

/** What a run of this configuration will train with; undefined until the studio has told what its usual engine is. */
export function useTrainingEngine(configuration: unknown): EngineName | undefined {
  const engines = useEngines();
  return namedEngine(configuration) ?? engines?.usual;
}

/** The choice of an engine, or of none: then the studio's usual one is taken, as it is when the run begins. */
export function EngineSelect({
  configuration,
  onChange,
}: {
  readonly configuration: unknown;
  readonly onChange: (changes: readonly SettingChange[]) => void;
}): JSX.Element {
  const { t } = useTranslation('new-model');
  const engines = useEngines();
  const hintOf = ({ state, device }: EngineState): string | undefined => {
    switch (state) {
      case 'ready':
        return device;
      case 'installable':
        return t('engineInstallable');
      case 'failing':
        return t('engineFailing');
      case 'impossible':
        return t('engineImpossible');
      default:
        return state satisfies never;
    }
  };
  return (
    <Select<EngineName | 'automatic'>
      value={namedEngine(configuration) ?? 'automatic'}
      onChange={(next) => onChange([{ path: enginePath, ...(next === 'automatic' ? {} : { value: next }) }])}
      options={[
        {
          value: 'automatic',
          label:
            engines === undefined
              ? t('automatic')
              : t('engineAutomatic', { name: engineTitles[engines.usual] }),
        },
        ...engineNames.map((name) => {
          const engine = engines?.engines.find((each) => each.name === name);
          return {
            value: name,
            label: engineTitles[name],
            hint: engine === undefined ? undefined : hintOf(engine),
            disabled: engine !== undefined && engine.state !== 'ready',
          };
        }),
      ]}
    />
  );
}

/** An engine that could be had here, and cannot be chosen. */
function useMissingEngine(): EngineState | undefined {
  return useEngines()?.engines.find(({ state }) => state === 'installable' || state === 'failing');
}

/** The way to where engines are installed and compared. */
export function EngineLink(): JSX.Element {
  const { t } = useTranslation('new-model');
  const missing = useMissingEngine();
  return (
    <Link to="/hardware" className="link">
      {missing === undefined
        ? t('engineCompare')
        : t(missing.state === 'installable' ? 'engineInstall' : 'engineMend')}
    </Link>
  );
}

/** What is the matter with an engine that cannot be chosen, and the way to mend it. */
export function EngineHint(): JSX.Element {
  const { t } = useTranslation('new-model');
  const missing = useMissingEngine();
  return (
    <>
      {missing !== undefined &&
        `${t(missing.state === 'installable' ? 'engineMissing' : 'engineBroken', { name: engineTitles[missing.name] })} `}
      <EngineLink />
    </>
  );
}
