import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { OfferedPack } from '../../../shared/engines/contract.ts';
import { api } from '../../app/client.ts';
import { formatBytes } from '../../app/format.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Select } from '../../components/select.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { useStartEngineWork } from './use-engine-work.ts';

/** A file of this machine, instead of an offer. */
const ownFile = 'file';

export interface InstallEngineProps {
  readonly offers: readonly OfferedPack[];
  readonly onClose: () => void;
}

/** Says what would be fetched, from where and how large it is, before anything is. */
export function InstallEngine({ offers, onClose }: InstallEngineProps): JSX.Element {
  const { t } = useTranslation('hardware');
  const usable = offers.filter(({ obstacle }) => obstacle === undefined);
  const [chosen, setChosen] = useState(
    usable.find(({ device }) => device === 'gpu')?.id ?? usable[0]?.id ?? ownFile,
  );
  const [path, setPath] = useState('');
  const [asksSize, setAsksSize] = useState(false);
  const offer = offers.find(({ id }) => id === chosen);
  const size = useQuery({
    ...api.engines.size.queryOptions({ input: { offer: chosen } }),
    enabled: asksSize && offer?.way === 'download',
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
            disabled={chosen === ownFile ? path.trim() === '' : offer?.obstacle !== undefined}
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
            onChange={(value) => {
              setChosen(value);
              setAsksSize(false);
            }}
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
        {offer?.way === 'download' && offer.obstacle === undefined && (
          <p className="flex items-center gap-3 text-sm">
            <Button size="small" busy={size.isFetching} onClick={() => setAsksSize(true)}>
              {t('askSize')}
            </Button>
            {size.isSuccess && (
              <span>{size.data === undefined ? t('sizeUnknown') : formatBytes(size.data)}</span>
            )}
          </p>
        )}
        {chosen === ownFile && (
          <Field label={t('filePath')} hint={t('filePathHint')}>
            <TextInput value={path} onChange={setPath} />
          </Field>
        )}
        <ErrorNotice error={install.error ?? size.error} />
      </div>
    </Dialog>
  );
}
