import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { TriangleAlert, X } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/icon-button.tsx';
import { api } from '../client/client.ts';
import { useCurrentProject } from '../client/current-project.ts';
import { formatCount } from '../format/format.ts';

/** So many things are named; a check of the project names all. */
const named = 6;

/** Says above every screen what a store lacks that became older, until that is accepted or the notice is hidden. */
export function StoreLossBanner(): JSX.Element {
  const { t } = useTranslation('shell');
  const folder = useCurrentProject();
  const [hidden, setHidden] = useState<string>();
  const { data } = useQuery({
    ...api.projects.open.queryOptions({ input: { folder: folder ?? '' } }),
    enabled: folder !== undefined,
  });
  const lacks = folder === undefined ? undefined : data?.lacks;
  const isShown = lacks !== undefined && hidden !== lacks.foundAt;
  return (
    <div role="status">
      {isShown && (
        <div className="flex items-start gap-2.5 border-b border-line bg-warning-soft px-6 py-2">
          <TriangleAlert aria-hidden className="mt-[3px] size-4 shrink-0 text-warning" />
          <p className="min-w-0 flex-1 wrap-break-word">
            <strong className="font-semibold text-warning">
              {t('lossTitle', { count: lacks.changes, changes: formatCount(lacks.changes) })}
            </strong>{' '}
            {t('lossWhy')}{' '}
            {lacks.unknown.length > 0 && `${t('lossMissing', { things: nameSome(lacks.unknown, t) })} `}
            {t('lossRest')}{' '}
            <Link to="/check" className="font-medium text-accent-text underline">
              {t('checkProject')}
            </Link>
          </p>
          <IconButton icon={X} label={t('lossHide')} onClick={() => setHidden(lacks.foundAt)} />
        </div>
      )}
    </div>
  );
}

function nameSome(
  things: readonly string[],
  t: (key: 'lossMore', values: { readonly things: string; readonly count: number }) => string,
): string {
  const first = things.slice(0, named).join(', ');
  return things.length <= named ? first : t('lossMore', { things: first, count: things.length - named });
}
