import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../client/client.ts';
import { toast } from '../../components/toast.tsx';

/** Changes settings and says so. */
export function useChangeSettings() {
  const { t } = useTranslation('settings');
  const queries = useQueryClient();
  return useMutation(
    api.settings.change.mutationOptions({
      onSuccess: (settings) => {
        queries.setQueryData(api.settings.show.queryKey(), settings);
        void queries.invalidateQueries({ queryKey: api.projects.places.key() });
        void queries.invalidateQueries({ queryKey: api.engines.list.key() });
        toast({ title: t('saved'), tone: 'success' });
      },
    }),
  );
}
