import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { artefactNameSchema } from '../../shared/names.ts';
import { api } from '../client/client.ts';

/** Why a run cannot be called so, as it is typed; undefined where it can, or where it gets a name by itself. */
export function useWrongRunName(name: string): string | undefined {
  const { t } = useTranslation('run');
  const runs = useQuery(api.runs.list.queryOptions());
  const wanted = name.trim();
  if (wanted === '') return undefined;
  if (runs.data?.some((run) => run.name === wanted) === true) return t('nameTaken', { name: wanted });
  return artefactNameSchema.safeParse(wanted).error?.issues[0]?.message;
}
