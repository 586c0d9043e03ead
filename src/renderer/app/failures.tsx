import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { MapPinOff } from 'lucide-react';
import { useEffect, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { LinkButton } from '../components/link-button.tsx';
import { Page } from '../components/page.tsx';

/** Takes the place of a screen that broke. */
export function ScreenFailure({ error, reset }: ErrorComponentProps): JSX.Element {
  const { t } = useTranslation('shell');
  const router = useRouter();
  return (
    <Page title={t('failedTitle')} lead={t('failedText')}>
      <ErrorNotice
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
        actions={
          <>
            <Button size="small" onClick={() => location.reload()}>
              {t('reload')}
            </Button>
            <LinkButton size="small" to="/">
              {t('toStart')}
            </LinkButton>
          </>
        }
      />
    </Page>
  );
}

/** Stands where an address leads nowhere. */
export function NotFound(): JSX.Element {
  const { t } = useTranslation('shell');
  useEffect(() => {
    document.title = `${t('notFoundTitle')} – Loam`;
  }, [t]);
  return (
    <EmptyState
      icon={MapPinOff}
      title={t('notFoundTitle')}
      text={t('notFoundText')}
      actions={
        <>
          <Button onClick={() => history.back()}>{t('back')}</Button>
          <LinkButton to="/" variant="primary">
            {t('toStart')}
          </LinkButton>
        </>
      }
    />
  );
}
