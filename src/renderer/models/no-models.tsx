import type { LucideIcon } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../components/card.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { LinkButton } from '../components/link-button.tsx';

/** Says on a screen that works with models that there is none yet, and leads to the two ways to one. */
export function NoModels({
  icon,
  title,
  text,
  className = 'flex-1',
}: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  readonly className?: string;
}): JSX.Element {
  const { t } = useTranslation('models');
  return (
    <Card className={className}>
      <EmptyState
        icon={icon}
        title={title}
        text={text}
        actions={
          <>
            <LinkButton to="/new-model" variant="primary">
              {t('toNewModel')}
            </LinkButton>
            <LinkButton to="/models" search={{ import: true }}>
              {t('import')}
            </LinkButton>
          </>
        }
      />
    </Card>
  );
}
