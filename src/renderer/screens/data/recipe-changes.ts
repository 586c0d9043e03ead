import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecipeChange } from '../../../shared/datasets/recipe.ts';
import { api } from '../../client/client.ts';
import { toast, toastError } from '../../components/toast.tsx';

/** What a change says when it is done; it offers to undo it. */
export interface ChangeOptions {
  readonly said?: string;
  readonly onDone?: () => void;
}

/** Changes of one dataset's recipe. */
export interface RecipeChanges {
  readonly change: (change: RecipeChange, options?: ChangeOptions) => void;
  readonly busy: boolean;
  /** Why the last change was refused: another window was quicker, say. */
  readonly error: unknown;
  /** Forgets the error and looks at the dataset anew. */
  readonly reload: () => void;
}

/** @param version the version of the dataset that the page shows: a change of another one is refused. */
export function useRecipeChanges(name: string, version: string): RecipeChanges {
  const { t } = useTranslation('data');
  const queries = useQueryClient();
  const mutation = useMutation(api.datasets.changeRecipe.mutationOptions());
  const { mutate, reset } = mutation;

  const adopt = useCallback(
    (next: string) => {
      queries.setQueryData(api.datasets.show.queryKey({ input: { name } }), (before) =>
        before === undefined ? before : { ...before, hash: next },
      );
      void queries.invalidateQueries({ queryKey: api.datasets.key() });
    },
    [queries, name],
  );
  const change = useCallback(
    (wanted: RecipeChange, { said, onDone }: ChangeOptions = {}) => {
      mutate(
        { name, version, change: wanted },
        {
          onSuccess: ({ version: next }) => {
            adopt(next);
            onDone?.();
            if (said !== undefined)
              toast({
                title: said,
                tone: 'success',
                action: {
                  label: t('undo'),
                  onSelect: () =>
                    mutate(
                      { name, version: next, change: { kind: 'undo' } },
                      { onSuccess: (undone) => adopt(undone.version), onError: toastError },
                    ),
                },
              });
          },
        },
      );
    },
    [mutate, name, version, adopt, t],
  );
  const reload = useCallback(() => {
    reset();
    void queries.invalidateQueries({ queryKey: api.datasets.key() });
  }, [reset, queries]);
  return { change, busy: mutation.isPending, error: mutation.error, reload };
}
