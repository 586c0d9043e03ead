import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { OfferedPack } from '../../../shared/engines/contract.ts';
import { api } from '../../client/client.ts';
import { formatBytes } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Select } from '../../components/select.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { toastError } from '../../components/toast.tsx';
import { asksSize, canInstall, ownFile, proposedChoice } from './install-choice.ts';
import { useStartEngineWork } from './use-engine-work.ts';

export interface InstallEngineProps {
  readonly offers: readonly OfferedPack[];
  readonly onClose: () => void;
}

/** Says what would be fetched, from where and how large it is, before anything is. */
export function InstallEngine({ offers, onClose }: InstallEngineProps): JSX.Element {
  const { t } = useTranslation('hardware');
  const [chosen, setChosen] = useState(() => proposedChoice(offers));
  const [path, setPath] = useState('');
  const offer = offers.find(({ id }) => id === chosen);
  const size = useQuery({
    ...api.engines.size.queryOptions({ input: { offer: chosen } }),
    enabled: asksSize(offer),
    retry: false,
  });
  const install = useStartEngineWork(api.engines.install.mutationOptions({ onSuccess: onClose }));
  const wayName = { pip: t('wayPip'), download: t('wayDownload') };
  const deviceName = { cpu: t('deviceCpu'), gpu: t('deviceGpu') };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('installTitle')}
      actions={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            variant="primary"
            busy={install.isPending}
            disabled={!canInstall({ offer, path, sizeIsKnown: size.isSuccess })}
            onClick={() => install.mutate(chosen === ownFile ? { path: path.trim() } : { offer: chosen })}
          >
            {chosen === ownFile ? t('installFile') : t('installFetch')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-ink-soft">{t('installLead')}</p>
        <Field label={t('installFrom')}>
          <Select
            value={chosen}
            onChange={setChosen}
            options={[
              ...offers.map(({ id, device, version, way }) => ({
                value: id,
                label: `TensorFlow ${version}, ${deviceName[device]}`,
                hint: wayName[way],
              })),
              { value: ownFile, label: t('ownFile'), hint: t('ownFileHint') },
            ]}
          />
        </Field>
        {offer !== undefined && <p>{offer.description}.</p>}
        {offer?.obstacle !== undefined && <Notice tone="warning">{offer.obstacle}</Notice>}
        {asksSize(offer) && size.error === null && (
          <p className="text-sm" role="status">
            {!size.isSuccess
              ? t('askingSize')
              : size.data === null
                ? t('sizeUnknown')
                : t('size', { bytes: formatBytes(size.data) })}
          </p>
        )}
        {chosen === ownFile && <OwnFile path={path} onPath={setPath} />}
        <ErrorNotice error={install.error} />
        {asksSize(offer) && <ErrorNotice error={size.error} onRetry={() => void size.refetch()} />}
      </div>
    </Dialog>
  );
}

/** Where a file or folder lies: typed, or in the desktop application chosen in the system's window. */
function OwnFile({
  path,
  onPath,
}: {
  readonly path: string;
  readonly onPath: (path: string) => void;
}): JSX.Element {
  const { t } = useTranslation('hardware');
  const { loam } = window;
  const choose = async (ask: () => Promise<string | undefined>): Promise<void> => {
    const chosen = await ask();
    if (chosen !== undefined) onPath(chosen);
  };
  return (
    <>
      <Field label={t('filePath')} hint={t('filePathHint')}>
        <TextInput value={path} onChange={onPath} />
      </Field>
      {loam !== undefined && (
        <div className="flex gap-2">
          <Button size="small" onClick={() => void choose(() => loam.chooseArchive()).catch(toastError)}>
            {t('chooseFile')}
          </Button>
          <Button size="small" onClick={() => void choose(() => loam.chooseFolder()).catch(toastError)}>
            {t('chooseFolder')}
          </Button>
        </div>
      )}
    </>
  );
}
