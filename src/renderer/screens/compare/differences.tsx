import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../components/card.tsx';
import { LineKey } from '../../components/chart/chart-readout.tsx';
import { Explain } from '../../components/explain.tsx';
import { settingName, showSetting } from '../../runs/settings-tree.ts';
import { lineLook } from './line-look.ts';

export interface DifferencesProps {
  readonly names: readonly string[];
  readonly differences: readonly { readonly path: string; readonly values: readonly unknown[] }[];
}

/** The settings that are not the same in all runs: a row a setting, a column a run. */
export function Differences({ names, differences }: DifferencesProps): JSX.Element {
  const { t } = useTranslation('compare');
  return (
    <Card title={t('differences')} flush>
      {differences.length === 0 ? (
        <p className="px-4 py-5 text-ink-soft">{t('noDifferences')}</p>
      ) : (
        <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={t('differences')}>
          <table className="w-full border-collapse" aria-label={t('differences')}>
            <thead>
              <tr className="border-b border-line text-left text-sm text-ink-faint">
                <th scope="col" className="h-9 px-4 font-medium">
                  {t('setting')}
                </th>
                {names.map((name, place) => (
                  <th key={name} scope="col" className="px-3 font-medium last:pr-4">
                    <span className="inline-flex items-center gap-2">
                      <LineKey line={lineLook(place)} />
                      {name}
                    </span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {differences.map(({ path, values }) => (
                <tr key={path} className="border-b border-line last:border-b-0">
                  <th scope="row" className="px-4 py-1.5 text-left font-normal text-ink-soft">
                    <span className="inline-flex items-center gap-1">
                      <span title={path}>
                        {path === 'beganWith' || path === 'tokenizerName' || path === 'dataset'
                          ? t(`outside.${path}`)
                          : settingName(path)}
                      </span>
                      <Explain setting={path} />
                    </span>
                  </th>
                  {values.map((value, place) => (
                    <td key={names[place]} className="figures px-3 py-1.5 font-medium last:pr-4">
                      {showSetting(value)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
