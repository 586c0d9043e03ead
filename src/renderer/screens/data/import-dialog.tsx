import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportOrigin } from '../../../shared/datasets/import.ts';
import type { ErrorAccount } from '../../../shared/errors.ts';
import { client } from '../../client/client.ts';
import { formatBytes, formatCount } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { ImportPreview } from './import-preview.tsx';
import type { Incoming } from './incoming.ts';
import { SampleChoice } from './sample-choice.tsx';
import { useUploads } from './uploads.ts';

export interface ImportDialogProps {
  readonly incoming: Incoming;
  /** The dataset that the files are added to; a new one is made without it. */
  readonly into: string | undefined;
  readonly onClose: () => void;
  readonly onStarted: (job: number) => void;
}

/** Takes files from the moment they were dropped to the start of their import. */
export function ImportDialog(props: ImportDialogProps): JSX.Element {
  const { incoming } = props;
  switch (incoming.kind) {
    case 'files':
      return <FilesImport {...props} incoming={incoming} />;
    case 'paths':
      return <PathsImport {...props} paths={incoming.paths} />;
    case 'sample':
      return <SampleImport {...props} />;
  }
}

const noRefusals: readonly ErrorAccount[] = [];
const noNames: readonly string[] = [];

/** What a preview needs to know of the dialog around it. */
function outcome({ into, onClose, onStarted }: Omit<ImportDialogProps, 'incoming'>) {
  return { into, onClose, onStarted };
}

function PathsImport({
  paths,
  ...props
}: ImportDialogProps & { readonly paths: readonly string[] }): JSX.Element {
  const [origin] = useState<ImportOrigin>({ paths: [...paths], uploads: [] });
  return (
    <ImportPreview
      {...outcome(props)}
      origin={origin}
      without={(names) => ({
        paths: paths.filter((path) => !names.has(path.split(/[\\/]/).at(-1) ?? path)),
        uploads: [],
      })}
      refused={noRefusals}
      leftOut={noNames}
    />
  );
}

function SampleImport(props: ImportDialogProps): JSX.Element {
  const [sample, setSample] = useState<ImportOrigin['sample']>();
  if (sample === undefined) return <SampleChoice onClose={props.onClose} onChoice={setSample} />;
  return (
    <ImportPreview
      {...outcome(props)}
      origin={{ paths: [], uploads: [], sample }}
      without={() => ({ paths: [], uploads: [], sample })}
      refused={noRefusals}
      leftOut={noNames}
      onBack={() => setSample(undefined)}
    />
  );
}

function FilesImport({
  incoming,
  ...props
}: ImportDialogProps & { readonly incoming: Extract<Incoming, { kind: 'files' }> }): JSX.Element {
  const { t } = useTranslation('data');
  const { files, leftOut } = incoming;
  const { done, sent, total, current, waiting, refused } = useUploads(files);
  // What is not taken back here is removed by the studio within a day.
  const discard = (unwanted: typeof waiting): void => {
    if (unwanted.length === 0) return;
    const uploads = unwanted.map(({ id }) => id);
    void client.datasets.discardUploads({ uploads }).catch(() => undefined);
  };
  const giveUp = (): void => {
    discard(waiting);
    props.onClose();
  };
  if (done)
    return (
      <ImportPreview
        into={props.into}
        onStarted={props.onStarted}
        onClose={giveUp}
        onImported={(names) => {
          discard(waiting.filter(({ name }) => names.has(name)));
          props.onClose();
        }}
        origin={{ paths: [], uploads: waiting.map(({ id }) => id) }}
        without={(names) => ({
          paths: [],
          uploads: waiting.filter(({ name }) => !names.has(name)).map(({ id }) => id),
        })}
        refused={refused}
        leftOut={leftOut}
      />
    );
  const title = props.into === undefined ? t('importTitle') : t('importIntoTitle', { name: props.into });
  return (
    <Dialog
      open
      onOpenChange={giveUp}
      title={title}
      actions={<Button onClick={giveUp}>{t('cancel')}</Button>}
    >
      <p className="mb-2 flex items-baseline gap-3">
        <span className="min-w-0 flex-1 truncate">
          {t('importSendingFile', {
            name: files[current]?.name ?? '',
            number: formatCount(current + 1),
            count: files.length,
          })}
        </span>
        <span className="figures text-sm text-ink-faint">
          {t('importSending', { done: formatBytes(sent), total: formatBytes(total) })}
        </span>
      </p>
      <ProgressBar label={title} value={total === 0 ? null : sent / total} />
    </Dialog>
  );
}
