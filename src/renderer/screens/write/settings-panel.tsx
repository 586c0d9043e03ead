import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { Explain } from '../../components/explain.tsx';
import { Field } from '../../components/field.tsx';
import { NumberInput } from '../../components/number-input.tsx';
import { Select } from '../../components/select.tsx';
import { Slider } from '../../components/slider.tsx';
import { Switch } from '../../components/switch.tsx';
import { TextArea } from '../../components/text-area.tsx';
import {
  parseStopTexts,
  presetNames,
  presetOf,
  presets,
  showStopTexts,
  usualSettings,
  type PresetName,
  type WritingSettings,
} from './sampling.ts';

export interface SettingsPanelProps {
  readonly settings: WritingSettings;
  readonly onChange: (settings: WritingSettings) => void;
}

const presetLabels = {
  precise: ['presetPrecise', 'presetPreciseHint'],
  balanced: ['presetBalanced', 'presetBalancedHint'],
  lively: ['presetLively', 'presetLivelyHint'],
  wild: ['presetWild', 'presetWildHint'],
} as const;

/** How the next token is chosen, how long a text gets, where it ends. */
export function SettingsPanel({ settings, onChange }: SettingsPanelProps): JSX.Element {
  const { t } = useTranslation('write');
  const change = (changes: Partial<WritingSettings>): void => onChange({ ...settings, ...changes });
  const greedy = settings.temperature === 0;
  return (
    <div className="flex flex-col gap-4">
      <Field label={t('preset')}>
        <Select<PresetName | 'own'>
          value={presetOf(settings) ?? 'own'}
          onChange={(name) => {
            if (name !== 'own') change(presets[name]);
          }}
          options={[
            ...presetNames.map((name) => ({
              value: name,
              label: t(presetLabels[name][0]),
              hint: t(presetLabels[name][1]),
            })),
            ...(presetOf(settings) === undefined ? [{ value: 'own' as const, label: t('presetOwn') }] : []),
          ]}
        />
      </Field>
      <Field label={t('length')} explain="writing.maximumTokens">
        <NumberInput
          value={settings.maximumTokens}
          onChange={(value) => {
            if (value !== null) change({ maximumTokens: value });
          }}
          min={1}
          max={8192}
          step={50}
          unit={t('lengthUnit')}
        />
      </Field>
      <Field label={t('temperature')} explain="writing.temperature">
        <Slider
          label={t('temperature')}
          value={settings.temperature}
          onChange={(temperature) => change({ temperature })}
          min={0}
          max={2}
          step={0.05}
          show={(value) => formatNumber(value)}
        />
      </Field>
      <Field label={t('topK')} explain="writing.topK">
        <NumberInput
          value={settings.topK}
          onChange={(value) => {
            if (value !== null) change({ topK: value });
          }}
          min={0}
          step={5}
          disabled={greedy}
          {...(settings.topK === 0 ? { unit: t('allOf') } : {})}
        />
      </Field>
      <Field label={t('topP')} explain="writing.topP">
        <Slider
          label={t('topP')}
          value={settings.topP}
          onChange={(topP) => change({ topP })}
          min={0.05}
          max={1}
          step={0.05}
          disabled={greedy}
          show={(value) => (value === 1 ? t('allOf') : formatNumber(value))}
        />
      </Field>
      <Field label={t('minimumP')} explain="writing.minimumP">
        <Slider
          label={t('minimumP')}
          value={settings.minimumP}
          onChange={(minimumP) => change({ minimumP })}
          min={0}
          max={0.5}
          step={0.01}
          disabled={greedy}
          show={(value) => (value === 0 ? t('off') : formatNumber(value))}
        />
      </Field>
      <Field label={t('repetitionPenalty')} explain="writing.repetitionPenalty">
        <Slider
          label={t('repetitionPenalty')}
          value={settings.repetitionPenalty}
          onChange={(repetitionPenalty) => change({ repetitionPenalty })}
          min={1}
          max={2}
          step={0.05}
          show={(value) => (value === 1 ? t('off') : formatNumber(value))}
        />
      </Field>
      <div className="flex flex-col gap-2">
        <div className="flex items-center gap-1">
          <span className="text-sm font-medium">{t('seed')}</span>
          <Explain term="writing.seed" />
        </div>
        <Switch label={t('newSeed')} checked={settings.newSeed} onChange={(newSeed) => change({ newSeed })} />
        {!settings.newSeed && (
          <NumberInput
            label={t('seed')}
            value={settings.seed}
            onChange={(value) => {
              if (value !== null) change({ seed: value });
            }}
            min={0}
            max={2 ** 32 - 1}
            format={{ useGrouping: false }}
          />
        )}
      </div>
      <StopTexts stops={settings.stop} onChange={(stop) => change({ stop: [...stop] })} />
      <Button size="small" variant="quiet" className="self-start" onClick={() => onChange(usualSettings)}>
        {t('reset')}
      </Button>
    </div>
  );
}

interface StopTextsProps {
  readonly stops: readonly string[];
  readonly onChange: (stops: readonly string[]) => void;
}

/** What is typed stays as it is typed, an unfinished line too. */
function StopTexts({ stops, onChange }: StopTextsProps): JSX.Element {
  const { t } = useTranslation('write');
  const [typed, setTyped] = useState(() => showStopTexts(stops));
  const shown = parseStopTexts(typed).join('\0') === stops.join('\0') ? typed : showStopTexts(stops);
  return (
    <Field label={t('stopTexts')} explain="writing.stop" hint={t('stopHint')}>
      <TextArea
        rows={2}
        value={shown}
        onChange={(text) => {
          setTyped(text);
          onChange(parseStopTexts(text));
        }}
      />
    </Field>
  );
}
