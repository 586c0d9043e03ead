import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { artefactNameSchema } from '../../../shared/names.ts';
import { api } from '../../app/client.ts';

/** Why a new run cannot have this name; undefined where it can, or where it gets one by itself. */
export function useWrongName(name: string): string | undefined {
  const { t } = useTranslation('new-model');
  const runs = useQuery(api.runs.list.queryOptions());
  const wanted = name.trim();
  if (wanted === '') return undefined;
  if (runs.data?.some((run) => run.name === wanted) === true) return t('nameTaken');
  return artefactNameSchema.safeParse(wanted).error?.issues[0]?.message;
}
