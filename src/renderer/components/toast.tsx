import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { accountOf } from '../client/error-account.ts';
import type { Tone } from './notice.tsx';

const toasts = Toast.createToastManager<object>();

export interface NewToast {
  readonly title: string;
  readonly text?: string;
  readonly tone?: Tone;
  /** One thing to do about it: undo, show. */
  readonly action?: { readonly label: string; readonly onSelect: () => void };
}

/** Says in the corner, for a few seconds, that something is done. */
export function toast({ title, text, tone = 'info', action }: NewToast): void {
  const id = toasts.add({
    title,
    type: tone,
    priority: tone === 'danger' ? 'high' : 'low',
    timeout: tone === 'danger' || action !== undefined ? 10_000 : 4_000,
    ...(text === undefined ? {} : { description: text }),
    ...(action === undefined
      ? {}
      : {
          actionProps: {
            children: action.label,
            onClick: () => {
              toasts.close(id);
              action.onSelect();
            },
          },
        }),
  });
}

/** Says that something failed, and what to do about it: for `onError` of what has no place of its own to say so. */
export function toastError(error: unknown): void {
  const { what, where, remedy } = accountOf(error);
  toast({ title: what, text: where === undefined ? remedy : `${where}. ${remedy}`, tone: 'danger' });
}

const marks: Readonly<Record<string, string>> = {
  info: 'bg-info',
  success: 'bg-success',
  warning: 'bg-warning',
  danger: 'bg-danger',
};

/** Where toasts appear: at the lower right, above a bar of buttons that stays at the bottom; once in the window. */
export function Toasts(): JSX.Element {
  return (
    <Toast.Provider toastManager={toasts} limit={4}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-20 z-50 flex w-76 max-w-[calc(100vw-2rem)] flex-col gap-2">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List(): JSX.Element {
  const { t } = useTranslation('kit');
  const { toasts: shown } = Toast.useToastManager();
  return (
    <>
      {shown.map((entry) => (
        <Toast.Root
          key={entry.id}
          toast={entry}
          className="popup relative overflow-hidden data-[limited]:hidden"
        >
          <span
            aria-hidden
            className={`absolute inset-y-0 left-0 w-1 ${marks[entry.type ?? 'info'] ?? ''}`}
          />
          <Toast.Content className="flex items-start gap-2 py-2.5 pr-2 pl-4">
            <div className="min-w-0 flex-1 wrap-break-word">
              <Toast.Title className="font-semibold" />
              <Toast.Description className="text-ink-soft" />
              <Toast.Action className="mt-1 font-medium text-accent-text hover:underline" />
            </div>
            <Toast.Close
              aria-label={t('close')}
              className="flex size-6 items-center justify-center rounded-md text-ink-faint hover:bg-hover hover:text-ink"
            >
              <X aria-hidden className="size-4" />
            </Toast.Close>
          </Toast.Content>
        </Toast.Root>
      ))}
    </>
  );
}
