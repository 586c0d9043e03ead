import { useMutation } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatTurn } from '../../../shared/chats/chat.ts';
import { api } from '../../client/client.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { toastError } from '../../components/toast.tsx';
import { Stepper } from './stepper.tsx';
import type { ShownTurn } from './versions.ts';

export interface TurnActionsProps {
  readonly shown: ShownTurn;
  readonly onEdit: (turn: ChatTurn) => void;
}

/** Edits what a person wrote, and goes through its versions. */
export function TurnActions({ shown: { turn, versions }, onEdit }: TurnActionsProps): JSX.Element {
  const { t } = useTranslation('write');
  const select = useMutation(api.chats.select.mutationOptions({ onError: toastError }));
  const index = versions.findIndex(({ id }) => id === turn.id);
  return (
    <span className="inline-flex items-center align-middle font-sans">
      <IconButton icon={Pencil} label={t('edit')} onClick={() => onEdit(turn)} />
      {versions.length > 1 && (
        <Stepper
          label={t('version', { number: index + 1, all: versions.length })}
          previousLabel={t('previousVersion')}
          nextLabel={t('nextVersion')}
          index={index}
          count={versions.length}
          onIndex={(next) => {
            const chosen = versions[next];
            if (chosen !== undefined) select.mutate({ turn: chosen.id });
          }}
        />
      )}
    </span>
  );
}
