import { useMutation, useQuery } from '@tanstack/react-query';
import { Ellipsis, MessagesSquare, PencilLine, TextCursorInput, Trash2 } from 'lucide-react';
import { useDeferredValue, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatSummary } from '../../../shared/chats/chat.ts';
import { api } from '../../client/client.ts';
import { formatAgo } from '../../format/format.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { Menu } from '../../components/menu.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { toastError } from '../../components/toast.tsx';
import { MiddleCut } from '../../components/middle-cut.tsx';

export interface ChatListProps {
  readonly selected: number | undefined;
  readonly onSelect: (chat: number) => void;
  readonly onDeleted: (chat: number) => void;
}

/** Everything that was written in this project, the latest first. */
export function ChatList({ selected, onSelect, onDeleted }: ChatListProps): JSX.Element {
  const { t } = useTranslation('write');
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search.trim());
  const [renaming, setRenaming] = useState<ChatSummary>();
  const [deleting, setDeleting] = useState<ChatSummary>();
  const chats = useQuery({
    ...api.chats.list.queryOptions({ input: wanted === '' ? {} : { search: wanted } }),
    placeholderData: (before) => before,
  });
  const remove = useMutation(
    api.chats.delete.mutationOptions({
      onSuccess: (_, { chat }) => {
        setDeleting(undefined);
        onDeleted(chat);
      },
      onError: toastError,
    }),
  );
  const list = chats.data ?? [];
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="border-b border-line p-3">
        <SearchInput value={search} onChange={setSearch} label={t('searchChats')} className="w-full" />
      </div>
      <ErrorNotice error={chats.error} onRetry={() => void chats.refetch()} className="m-2" />
      <ul aria-label={t('chats')} className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {list.map((chat) => (
          <li
            key={chat.id}
            className="group relative [contain-intrinsic-size:auto_4.5rem] [content-visibility:auto]"
          >
            <button
              type="button"
              aria-current={chat.id === selected || undefined}
              onClick={() => onSelect(chat.id)}
              className="w-full rounded-md py-2 pr-9 pl-2.5 text-left hover:bg-hover focus-visible:-outline-offset-2 aria-[current]:bg-accent-soft"
            >
              <span className="flex items-start gap-1.5">
                <ModeIcon mode={chat.mode} />
                <span className="line-clamp-2 min-w-0 flex-1 font-medium wrap-anywhere">{nameOf(chat)}</span>
              </span>
              <span className="block text-sm text-ink-faint">
                {chat.checkpoints.map((checkpoint) => (
                  <MiddleCut key={checkpoint} text={checkpoint} />
                ))}
                <span className="block truncate">{formatAgo(chat.changedAt)}</span>
              </span>
            </button>
            <div className="absolute top-2 right-1.5 opacity-0 group-hover:opacity-100 focus-within:opacity-100 has-[[data-popup-open]]:opacity-100">
              <Menu
                align="end"
                trigger={<IconButton icon={Ellipsis} label={t('more')} />}
                entries={[
                  { label: t('rename'), icon: PencilLine, onSelect: () => setRenaming(chat) },
                  { label: t('delete'), icon: Trash2, danger: true, onSelect: () => setDeleting(chat) },
                ]}
              />
            </div>
          </li>
        ))}
        {chats.data?.length === 0 && (
          <li className="px-2.5 py-6 text-center text-ink-faint">
            {wanted === '' ? t('noChats') : t('noneFound')}
          </li>
        )}
      </ul>
      {renaming !== undefined && <RenameDialog chat={renaming} onClose={() => setRenaming(undefined)} />}
      <ConfirmDialog
        open={deleting !== undefined}
        onOpenChange={(open) => {
          if (!open) setDeleting(undefined);
        }}
        title={t('deleteTitle', { title: deleting === undefined ? '' : nameOf(deleting) })}
        confirmLabel={t('deleteConfirm')}
        danger
        busy={remove.isPending}
        onConfirm={() => {
          if (deleting !== undefined) remove.mutate({ chat: deleting.id });
        }}
      >
        {t('deleteText')}
      </ConfirmDialog>
    </div>
  );

  function nameOf({ title }: ChatSummary): string {
    return title === '' ? t('untitled') : title;
  }
}

function ModeIcon({ mode }: { readonly mode: ChatSummary['mode'] }): JSX.Element {
  const Icon = mode === 'chat' ? MessagesSquare : TextCursorInput;
  return <Icon aria-hidden className="mt-1 size-3.5 shrink-0 text-ink-faint" />;
}

function RenameDialog({
  chat,
  onClose,
}: {
  readonly chat: ChatSummary;
  readonly onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation('write');
  const [title, setTitle] = useState(chat.title);
  const rename = useMutation(api.chats.rename.mutationOptions({ onSuccess: onClose }));
  const save = (): void => {
    if (title.trim() !== '') rename.mutate({ chat: chat.id, title });
  };
  return (
    <Dialog
      open
      size="small"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('renameTitle')}
      actions={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" busy={rename.isPending} disabled={title.trim() === ''} onClick={save}>
            {t('save')}
          </Button>
        </>
      }
    >
      <Field label={t('titleLabel')}>
        <TextInput
          value={title}
          onChange={setTitle}
          maxLength={200}
          onKeyDown={(event) => {
            if (event.key === 'Enter') save();
          }}
        />
      </Field>
      <ErrorNotice error={rename.error} className="mt-3" />
    </Dialog>
  );
}
