import { useMutation } from '@tanstack/react-query';
import { Square } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineWork } from '../../../shared/engines/contract.ts';
import { api } from '../../client/client.ts';
import { formatBytes } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { toastError } from '../../components/toast.tsx';

/** How far an installation or a measurement is, or how it ended. */
export function EngineWorkProgress({ work }: { readonly work: EngineWork }): JSX.Element | null {
  const { t } = useTranslation('hardware');
  const cancel = useMutation(api.engines.cancel.mutationOptions({ onError: toastError }));
  const { kind, status, progress, error } = work;
  switch (status) {
    case 'running': {
      const { stage, done, total } = progress;
      const fetched = kind === 'installation' && done !== undefined ? ` · ${formatBytes(done)}` : '';
      const title = `${t(kind)}: ${stage}${fetched}`;
      return (
        <div className="flex items-center gap-3 px-4 py-3" role="status">
          <div className="min-w-0 flex-1">
            <p className="mb-1.5 text-sm">{title}</p>
            <ProgressBar
              value={done === undefined || total === undefined ? undefined : Math.min(1, done / total)}
              label={title}
            />
          </div>
          <Button icon={Square} size="small" busy={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
            {t('stop')}
          </Button>
        </div>
      );
    }
    case 'failed':
      return (
        <div className="px-4 py-3">
          <Notice tone="danger" title={t(`${kind}Failed`)}>
            {error === undefined
              ? null
              : `${error.where === undefined ? '' : `${error.where}: `}${error.what} ${error.remedy}`}
          </Notice>
        </div>
      );
    case 'completed':
      return kind === 'installation' ? (
        <div className="px-4 py-3">
          <Notice tone="success">{t('installationDone')}</Notice>
        </div>
      ) : null;
    case 'cancelled':
      return null;
    default:
      return status satisfies never;
  }
}
