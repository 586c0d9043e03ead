import { LoaderCircle } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';

/** How long to wait before saying that something takes time, in milliseconds: what is quick should not flicker. */
const patience = 200;

/** Stands where something is being fetched. */
export function Loading({ label }: { readonly label?: string }): JSX.Element {
  const { t } = useTranslation('kit');
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), patience);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div
      role="status"
      aria-busy
      className="flex flex-1 items-center justify-center gap-2 py-10 text-ink-faint"
    >
      {slow && (
        <>
          <LoaderCircle aria-hidden className="size-4 animate-spin" />
          {label ?? t('loading')}
        </>
      )}
    </div>
  );
}
