import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../client/client.ts';
import { formatCount } from '../../format/format.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { NumberInput } from '../../components/number-input.tsx';
import { useChangeSettings } from './use-change-settings.ts';

/** How many processor cores training leaves to other programs. */
export function FreeCores({ saved }: { readonly saved: number }): JSX.Element {
  const { t } = useTranslation('settings');
  const machine = useQuery(api.hardware.show.queryOptions());
  const change = useChangeSettings();
  const [typed, setTyped] = useState<number | null>(saved);
  const cores = machine.data?.cores;
  const commit = (value: number | null): void => {
    if (value === null) setTyped(saved);
    else if (value !== saved) change.mutate({ freeCores: value });
  };
  return (
    <div className="flex flex-col gap-3">
      <Field
        label={t('freeCores')}
        explain="hardware.freeCores"
        hint={
          cores === undefined
            ? undefined
            : t('freeCoresHint', { count: Math.max(1, cores - (typed ?? saved)), all: formatCount(cores) })
        }
      >
        <NumberInput
          value={typed}
          onChange={setTyped}
          onCommit={commit}
          min={0}
          max={cores === undefined ? undefined : Math.max(0, cores - 1)}
          unit={t('coresUnit', { count: typed ?? saved })}
          className="w-44"
        />
      </Field>
      <ErrorNotice error={change.error} />
    </div>
  );
}
