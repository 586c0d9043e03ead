import { Monitor, Moon, Sun } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { chooseTheme, useTheme } from '../../theme/theme.ts';
import { Field } from '../../components/field.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import { Select } from '../../components/select.tsx';
import { chooseLanguage, languageOptions, useLanguage } from '../../strings/language.ts';

/** How the window looks and which language it speaks. */
export function Appearance(): JSX.Element {
  const { t } = useTranslation('settings');
  const theme = useTheme();
  const language = useLanguage();
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col items-start gap-1">
        <span className="text-sm font-medium">{t('theme')}</span>
        <SegmentedControl
          label={t('theme')}
          value={theme}
          onChange={chooseTheme}
          size="medium"
          options={[
            { value: 'system', label: t('system'), icon: Monitor },
            { value: 'light', label: t('light'), icon: Sun },
            { value: 'dark', label: t('dark'), icon: Moon },
          ]}
        />
        <span className="text-sm text-ink-faint">{t('themeHint')}</span>
      </div>
      <Field label={t('language')} hint={t('languageHint')} className="max-w-60">
        <Select
          value={language}
          onChange={(next) => void chooseLanguage(next)}
          options={languageOptions.map(([value, label]) => ({ value, label }))}
        />
      </Field>
    </div>
  );
}
