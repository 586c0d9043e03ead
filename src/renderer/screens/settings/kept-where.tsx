import { useQuery } from '@tanstack/react-query';
import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../client/client.ts';
import { useCurrentProject } from '../../client/current-project.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { RevealButton } from '../../components/reveal-button.tsx';

/** Which folder holds what. */
export function KeptWhere(): JSX.Element {
  const { t } = useTranslation('settings');
  const project = useCurrentProject();
  const places = useQuery(api.projects.places.queryOptions());
  return (
    <dl className="flex flex-col gap-3">
      <Place name={t('keptProject')} text={t('keptProjectText')}>
        {project === undefined ? t('noProject') : <Folder path={project} />}
      </Place>
      <Place name={t('keptUser')} text={t('keptUserText')}>
        {places.data !== undefined && <Folder path={places.data.userFolder} />}
      </Place>
      <Place name={t('keptBrowser')} text={t('keptBrowserText')} />
    </dl>
  );
}

interface PlaceProps {
  readonly name: string;
  readonly text: string;
  readonly children?: ReactNode;
}

function Place({ name, text, children }: PlaceProps): JSX.Element {
  return (
    <div>
      <dt className="font-medium">{name}</dt>
      <dd className="text-ink-soft">{text}</dd>
      {children !== undefined && <dd className="mt-0.5 text-sm text-ink-faint">{children}</dd>}
    </div>
  );
}

function Folder({ path }: { readonly path: string }): JSX.Element {
  return (
    <span className="flex items-center gap-1">
      <code className="min-w-0 font-mono text-sm break-all">{path}</code>
      <CopyButton text={path} />
      <RevealButton folder={path} />
    </span>
  );
}
