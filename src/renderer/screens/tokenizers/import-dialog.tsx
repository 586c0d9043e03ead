import { useMutation } from '@tanstack/react-query';
import { FileUp } from 'lucide-react';
import { useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { artefactNameSchema, freeName } from '../../../shared/names.ts';
import type { TokenizerDetails } from '../../../shared/tokenizers/tokenizer.ts';
import { client } from '../../client/client.ts';
import { formatBytes } from '../../format/format.ts';
import { uploadFile } from '../../client/upload-file.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { toast } from '../../components/toast.tsx';

export interface ImportDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly tokenizers: readonly TokenizerDetails[];
  readonly onImported: (name: string) => void;
}

/** Takes over a tokenizer that was made elsewhere. */
export function ImportDialog(props: ImportDialogProps): JSX.Element {
  return props.open ? <ImportForm {...props} /> : <></>;
}

function ImportForm({ open, onOpenChange, tokenizers, onImported }: ImportDialogProps): JSX.Element {
  const { t } = useTranslation('tokenizers');
  const input = useRef<HTMLInputElement>(null);
  const stop = useRef(new AbortController());
  const [files, setFiles] = useState<readonly File[]>([]);
  const [sent, setSent] = useState(0);
  const [ownName, setName] = useState<string>();
  const [dragged, setDragged] = useState(false);
  const taken = new Set(tokenizers.map(({ name }) => name));
  const name = ownName ?? freeName('imported', taken);
  const total = files.reduce((sum, file) => sum + file.size, 0);

  const take = useMutation({
    mutationFn: async () => {
      const { signal } = stop.current;
      const ids: string[] = [];
      let before = 0;
      for (const file of files) {
        ids.push(
          await uploadFile(file, file.name, {
            signal,
            onProgress: (bytes) => setSent(before + bytes),
          }),
        );
        before += file.size;
      }
      return client.tokenizers.import({ name, from: { kind: 'uploads', ids } }, { signal });
    },
    onSuccess: (tokenizer) => {
      toast({
        title: t('importedDone', { name: tokenizer.name }),
        ...(tokenizer.notices.length === 0 ? {} : { text: tokenizer.notices.join(' ') }),
        tone: 'success',
      });
      onImported(tokenizer.name);
      onOpenChange(false);
    },
  });
  const nameProblem = taken.has(name)
    ? t('nameTaken')
    : artefactNameSchema.safeParse(name).error?.issues[0]?.message;
  const choose = (chosen: FileList | null): void => {
    if (chosen === null || chosen.length === 0) return;
    take.reset();
    setFiles([...chosen]);
  };
  const close = (next: boolean): void => {
    if (!next) stop.current.abort();
    onOpenChange(next);
  };

  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={t('importTitle')}
      description={t('importLead')}
      actions={
        <>
          <Button onClick={() => close(false)}>{t('cancel')}</Button>
          <Button
            variant="primary"
            disabled={files.length === 0 || nameProblem !== undefined}
            busy={take.isPending}
            onClick={() => take.mutate()}
          >
            {t('importStart')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div
          onDragOver={(event) => {
            event.preventDefault();
            setDragged(true);
          }}
          onDragLeave={() => setDragged(false)}
          onDrop={(event) => {
            event.preventDefault();
            setDragged(false);
            choose(event.dataTransfer.files);
          }}
          className={`flex flex-col items-center gap-2 rounded-lg border border-dashed px-4 py-6 text-center ${dragged ? 'border-accent bg-accent-soft' : 'border-line-strong'}`}
        >
          {files.length === 0 ? (
            <p className="text-ink-soft">{t('importDrop')}</p>
          ) : (
            <ul>
              {files.map((file) => (
                <li key={file.name}>
                  <span className="font-medium">{file.name}</span>{' '}
                  <span className="text-ink-faint">{formatBytes(file.size)}</span>
                </li>
              ))}
            </ul>
          )}
          <Button icon={FileUp} onClick={() => input.current?.click()}>
            {files.length === 0 ? t('importChoose') : t('importChooseAgain')}
          </Button>
          <input
            ref={input}
            type="file"
            multiple
            accept=".json,.txt"
            className="hidden"
            aria-label={t('importFiles')}
            onChange={(event) => {
              choose(event.currentTarget.files);
              event.currentTarget.value = '';
            }}
          />
        </div>
        {take.isPending && (
          <ProgressBar label={t('importUploading')} value={total === 0 ? null : Math.min(1, sent / total)} />
        )}
        <Field label={t('name')} error={nameProblem}>
          <TextInput value={name} onChange={setName} spellCheck={false} autoComplete="off" />
        </Field>
        <ErrorNotice error={take.error} />
      </div>
    </Dialog>
  );
}
