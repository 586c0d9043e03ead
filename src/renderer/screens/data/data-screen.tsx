import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useState, type JSX } from 'react';
import { DatasetList } from './dataset-list.tsx';
import { DatasetPage } from './dataset-page.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { useImportEnd } from './import-jobs.tsx';
import type { Incoming } from './incoming.ts';

const route = getRouteApi('/project/data');

/** What a person wants to import, and the dataset that it is added to, if any. */
interface Wanted {
  readonly incoming: Incoming;
  readonly into: string | undefined;
}

/** Import texts, look at them, clean them. */
export function DataScreen(): JSX.Element {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [wanted, setWanted] = useState<Wanted>();
  const [started, setStarted] = useState<number>();
  const { dataset, view } = search;
  const sampleAsked = search.import === 'sample' && wanted === undefined;

  const close = useCallback(() => {
    setWanted(undefined);
    void navigate({ search: (before) => ({ ...before, import: undefined }), replace: true });
  }, [navigate]);
  const showImported = useCallback(
    (name: string) => void navigate({ search: { dataset: name } }),
    [navigate],
  );
  useImportEnd(started, showImported);
  const jobs = { started, onDismiss: useCallback(() => setStarted(undefined), []) };
  const shown: Wanted | undefined = sampleAsked ? { incoming: { kind: 'sample' }, into: undefined } : wanted;

  return (
    <>
      {dataset === undefined ? (
        <DatasetList jobs={jobs} onIncoming={(incoming) => setWanted({ incoming, into: undefined })} />
      ) : (
        <DatasetPage
          key={dataset}
          name={dataset}
          view={view ?? 'documents'}
          document={search.document}
          step={search.step}
          jobs={jobs}
          onSearch={(changes, replace = true) =>
            void navigate({ search: (before) => ({ ...before, ...changes }), replace })
          }
          onIncoming={(incoming, asNew) => setWanted({ incoming, into: asNew ? undefined : dataset })}
        />
      )}
      {shown !== undefined && (
        <ImportDialog incoming={shown.incoming} into={shown.into} onClose={close} onStarted={setStarted} />
      )}
    </>
  );
}
