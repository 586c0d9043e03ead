import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';

/** A button for the entries before the oldest one shown, where there are any. */
export function OlderEntries({
  query: { hasNextPage, isFetchingNextPage, fetchNextPage },
}: {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
}): JSX.Element | null {
  const { t } = useTranslation('run');
  if (!hasNextPage) return null;
  return (
    <Button className="self-start" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
      {t('older')}
    </Button>
  );
}
