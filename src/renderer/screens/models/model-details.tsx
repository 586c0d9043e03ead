import { useMutation, useQuery } from '@tanstack/react-query';
import {
  Ellipsis,
  Gauge,
  PackageOpen,
  PenLine,
  PencilLine,
  Pin,
  PinOff,
  Sprout,
  Trash2,
  X,
} from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelCard, ModelFact, ModelSummary } from '../../../shared/checkpoints/checkpoint.ts';
import { api } from '../../client/client.ts';
import { formatBytes, formatCount, formatMoment, formatParameters } from '../../format/format.ts';
import { modelName } from '../../models/model-options.ts';
import { Badge } from '../../components/badge.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Loading } from '../../components/loading.tsx';
import { Notice } from '../../components/notice.tsx';
import { Menu } from '../../components/menu.tsx';
import { toastError } from '../../components/toast.tsx';
import { DeleteModelDialog } from './delete-model-dialog.tsx';
import { Facts, Section } from './facts.tsx';
import { LabelDialog } from './label-dialog.tsx';
import { Lineage } from './lineage.tsx';
import { PartsBar } from './parts-bar.tsx';
import { MiddleCut } from '../../components/middle-cut.tsx';

export interface ModelDetailsProps {
  readonly model: ModelSummary;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Everything about one model, and what can be done with it. */
export function ModelDetails({ model, onClose, onDeleted }: ModelDetailsProps): JSX.Element {
  const { t } = useTranslation('models');
  const { reference, label, origin, pinned } = model;
  const [open, setOpen] = useState<'label' | 'delete'>();
  const card = useQuery(api.checkpoints.show.queryOptions({ input: { reference } }));
  const pin = useMutation(api.checkpoints.pin.mutationOptions({ onError: toastError }));
  return (
    <aside
      aria-label={modelName(model)}
      className="flex w-84 shrink-0 flex-col overflow-hidden rounded-lg border border-line bg-surface shadow-card"
    >
      <header className="border-b border-line px-4 pt-3 pb-3">
        <div className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <h2 className="text-lg font-semibold">
              <MiddleCut text={modelName(model)} />
            </h2>
            <p className="flex items-center gap-1 text-sm text-ink-faint">
              {label !== undefined && <MiddleCut text={reference} />}
              {label === undefined && (
                <span className="whitespace-nowrap">{formatMoment(model.createdAt)}</span>
              )}
              {card.data?.chat === true && <Badge tone="accent">{t('conversations')}</Badge>}
            </p>
          </div>
          <Menu
            align="end"
            trigger={<IconButton icon={Ellipsis} label={t('more')} />}
            entries={[
              { label: t('rename'), icon: PencilLine, onSelect: () => setOpen('label') },
              ...(origin.kind === 'run'
                ? [
                    {
                      label: t(pinned ? 'unpin' : 'pin'),
                      hint: t('pinHint'),
                      icon: pinned ? PinOff : Pin,
                      onSelect: () => pin.mutate({ reference, pinned: !pinned }),
                    },
                  ]
                : []),
              'separator',
              { label: t('delete'), icon: Trash2, danger: true, onSelect: () => setOpen('delete') },
            ]}
          />
          <IconButton icon={X} label={t('close')} onClick={onClose} />
        </div>
        <div className="mt-3 flex flex-wrap gap-2">
          {model.tasks.includes('generate') && (
            <LinkButton
              to="/write"
              search={{ checkpoint: reference }}
              variant="primary"
              size="small"
              icon={PenLine}
            >
              {t(card.data?.chat === true ? 'chat' : 'write')}
            </LinkButton>
          )}
          <LinkButton to="/evaluate" search={{ checkpoint: reference }} size="small" icon={Gauge}>
            {t('evaluate')}
          </LinkButton>
          <LinkButton to="/export" search={{ checkpoint: reference }} size="small" icon={PackageOpen}>
            {t('export')}
          </LinkButton>
          <LinkButton to="/new-model" search={{ model: reference, step: 'data' }} size="small" icon={Sprout}>
            {t('trainFurther')}
          </LinkButton>
        </div>
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto p-4">
        <Lineage model={model} provenance={card.data?.provenance} />
        <ErrorNotice error={card.error} onRetry={() => void card.refetch()} />
        {card.isPending && <Loading />}
        {card.data !== undefined && <CardSections card={card.data} />}
      </div>
      {open === 'label' && <LabelDialog model={model} onClose={() => setOpen(undefined)} />}
      {open === 'delete' && (
        <DeleteModelDialog model={model} onClose={() => setOpen(undefined)} onDeleted={onDeleted} />
      )}
    </aside>
  );
}

function CardSections({ card }: { readonly card: ModelCard }): JSX.Element {
  const { t } = useTranslation('models');
  const shown = (value: ModelFact['value']): string =>
    typeof value === 'number'
      ? formatCount(value)
      : typeof value === 'string'
        ? value
        : t(value ? 'yes' : 'no');
  return (
    <>
      {card.notes.map((note) => (
        <Notice key={note} tone="warning">
          {note}
        </Notice>
      ))}
      <Section title={t('parts')}>
        <p className="figures text-2xl font-semibold">{formatParameters(card.parameters)}</p>
        <PartsBar parts={card.parts} />
      </Section>
      <Section title={t('configuration')}>
        <Facts facts={card.facts.map(({ label, value }) => [label, shown(value)])} />
      </Section>
      <Section title={t('filesTitle')}>
        <div className="flex items-center gap-1">
          <span className="min-w-0 flex-1 truncate font-mono text-sm text-ink-soft" title={card.folder}>
            {card.folder}
          </span>
          <CopyButton text={card.folder} />
        </div>
        <ul className="mt-1 flex flex-col gap-0.5 text-sm">
          {card.files.map(({ name, bytes }) => (
            <li key={name} className="flex justify-between gap-3">
              <span className="truncate text-ink-soft">{name}</span>
              <span className="figures shrink-0 text-ink-faint">{formatBytes(bytes)}</span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}
