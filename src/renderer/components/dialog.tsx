import { Dialog as Primitive } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { JSX, ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonClass } from './button-style.ts';

const widths = { small: 'max-w-md', medium: 'max-w-xl', large: 'max-w-4xl' } as const;

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  /** A sentence below the title, read aloud with it. */
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** The buttons at its foot. */
  readonly actions?: ReactNode;
  readonly size?: keyof typeof widths;
  /** What gets the keyboard first; else the first thing that can. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
}

/** Something that must be settled before going on. Escape closes it. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  actions,
  size = 'medium',
  initialFocus,
}: DialogProps): JSX.Element {
  const { t } = useTranslation('kit');
  return (
    <Primitive.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Primitive.Portal>
        <Primitive.Backdrop className="fixed inset-0 z-40 bg-black/35 transition-opacity duration-100 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Primitive.Viewport className="fixed inset-0 z-40 flex items-center justify-center p-4">
          <Primitive.Popup
            initialFocus={initialFocus}
            data-modal
            className={`popup flex max-h-full w-full flex-col rounded-xl ${widths[size]}`}
          >
            <header className="flex items-start gap-4 px-5 pt-4">
              <div className="min-w-0 flex-1">
                <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
                {description !== undefined && (
                  <Primitive.Description className="mt-0.5 text-ink-soft">
                    {description}
                  </Primitive.Description>
                )}
              </div>
              <Primitive.Close
                aria-label={t('close')}
                className={`${buttonClass('quiet', 'small', true)} -mr-2`}
              >
                <X aria-hidden className="size-4" />
              </Primitive.Close>
            </header>
            <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
            {actions !== undefined && (
              <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
                {actions}
              </footer>
            )}
          </Primitive.Popup>
        </Primitive.Viewport>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
