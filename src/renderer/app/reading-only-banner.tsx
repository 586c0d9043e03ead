import { useQuery } from '@tanstack/react-query';
import { Lock } from 'lucide-react';
import type { JSX } from 'react';
import { api } from '../client/client.ts';
import { useCurrentProject } from '../client/current-project.ts';

/** How often a project that can only be read is asked whether that has changed, in milliseconds. */
const askAgain = 10_000;

/** Says above every screen that the project can be looked at and not changed, and what to do about it. */
export function ReadingOnlyBanner(): JSX.Element {
  const folder = useCurrentProject();
  const { data } = useQuery({
    ...api.projects.open.queryOptions({ input: { folder: folder ?? '' } }),
    enabled: folder !== undefined,
    refetchInterval: ({ state }) => (state.data?.readingOnly === undefined ? false : askAgain),
  });
  const told = folder === undefined ? undefined : data?.readingOnly;
  return (
    <div role="status">
      {told !== undefined && (
        <div className="flex items-start gap-2.5 border-b border-line bg-warning-soft px-6 py-2">
          <Lock aria-hidden className="mt-[3px] size-4 shrink-0 text-warning" />
          <p>
            <strong className="font-semibold text-warning">{told.what}</strong> {told.remedy}
          </p>
        </div>
      )}
    </div>
  );
}
