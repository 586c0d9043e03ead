import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../client/client.ts';
import { currentProject, lastProject, setCurrentProject } from '../client/current-project.ts';

/**
 * Opens, in a window that shows no project yet, the one that the host was started for, or else the one that was opened
 * last: after a new start of the host its new link leads back to where one was.
 * @returns false until that is known.
 */
export function useStartProject(): boolean {
  const [wanted] = useState(() => currentProject() === undefined);
  const [last] = useState(lastProject);
  const [settled, setSettled] = useState(!wanted);
  const places = useQuery({ ...api.projects.places.queryOptions(), enabled: wanted });
  const recent = useQuery({
    ...api.projects.recent.queryOptions(),
    enabled: wanted && last !== undefined,
  });
  const isKnown =
    (places.isSuccess || places.isError) && (last === undefined || recent.isSuccess || recent.isError);
  useEffect(() => {
    if (settled || !isKnown) return;
    const isThere = recent.data?.some(({ folder, present }) => folder === last && present) === true;
    const folder = places.data?.startProject ?? (isThere ? last : undefined);
    if (folder !== undefined) setCurrentProject(folder);
    setSettled(true);
  }, [places.data, recent.data, isKnown, last, settled]);
  return settled;
}
