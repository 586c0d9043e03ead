import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { engineTitles } from '../../../shared/engines/engine.ts';
import type { Settings } from '../../../shared/settings/settings.ts';
import { api } from '../../client/client.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { Select } from '../../components/select.tsx';
import { useChangeSettings } from './use-change-settings.ts';

/** What computes where a run, a text or an evaluation says nothing else. */
export function UsualEngine({ saved }: { readonly saved: Settings['engine'] }): JSX.Element {
  const { t } = useTranslation('settings');
  const { data } = useQuery(api.engines.list.queryOptions());
  const change = useChangeSettings();
  return (
    <div className="flex flex-col gap-3">
      <Field
        label={t('engine')}
        explain="hardware.engine"
        hint={
          <>
            {data !== undefined &&
              saved === 'auto' &&
              `${t('engineNow', { name: engineTitles[data.usual] })} `}
            <Link to="/hardware" className="link">
              {t('engineInstall')}
            </Link>
          </>
        }
      >
        <Select
          value={saved}
          onChange={(engine) => change.mutate({ engine })}
          options={[
            { value: 'auto', label: t('engineAuto') },
            ...(data?.engines ?? []).map(({ name, state }) => ({
              value: name,
              label: engineTitles[name],
              disabled: state !== 'ready',
            })),
          ]}
        />
      </Field>
      <ErrorNotice error={change.error} />
    </div>
  );
}
