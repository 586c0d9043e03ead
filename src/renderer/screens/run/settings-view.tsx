import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunDetails } from '../../../shared/runs/run-details.ts';
import { formatBytes, formatCount, formatDuration } from '../../format/format.ts';
import { Card } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Explain } from '../../components/explain.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { settingName, settingRows, showSetting } from '../../runs/settings-tree.ts';

const groups = ['model', 'tokenizer', 'data', 'training', 'engine'] as const;

/** The resolved configuration of a run, setting by setting. */
export function SettingsView({ run }: { readonly run: RunDetails }): JSX.Element {
  const { t } = useTranslation('run');
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const { configuration, calibration } = run;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-4">
        <p className="flex-1 text-ink-soft">{t('settingsLead')}</p>
        <SearchInput value={search} onChange={setSearch} label={t('filterSettings')} />
        <CopyButton text={JSON.stringify(configuration, null, 2)} label={t('copySettings')} />
      </div>
      {calibration !== undefined && wanted === '' && (
        <Card title={t('calibration')} explain="training.calibration">
          <p>
            {t('calibrationText', {
              count: calibration.microBatchSize,
              seconds: formatDuration(calibration.secondsPerStep),
              memory: formatBytes(calibration.memoryBytes),
              steps: formatCount(calibration.steps),
            })}
          </p>
        </Card>
      )}
      <div className="grid grid-cols-[repeat(auto-fill,minmax(22rem,1fr))] items-start gap-4">
        {groups.map((group) => {
          const rows = settingRows(configuration[group], group).filter(({ path }) =>
            `${path} ${settingName(path)}`.toLowerCase().includes(wanted),
          );
          return rows.length === 0 ? null : (
            <Card key={group} title={t(`group.${group}`)} flush>
              <table className="w-full border-collapse" aria-label={t(`group.${group}`)}>
                <tbody>
                  {rows.map(({ path, value }) => (
                    <tr key={path} className="border-b border-line last:border-b-0">
                      <th scope="row" className="py-1 pr-3 pl-4 text-left font-normal text-ink-soft">
                        <span className="inline-flex items-center gap-1">
                          <span title={path}>{settingName(path)}</span>
                          <Explain setting={path} />
                        </span>
                      </th>
                      <td className="figures py-1 pr-4 text-right wrap-anywhere">{showSetting(value)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Card>
          );
        })}
      </div>
    </div>
  );
}
