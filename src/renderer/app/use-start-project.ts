import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from './client.ts';
import { currentProject, setCurrentProject } from './current-project.ts';

/**
 * Opens the project that the host was started for, in a window that shows none yet.
 * @returns false until that is known.
 */
export function useStartProject(): boolean {
  const [wanted] = useState(() => currentProject() === undefined);
  const [settled, setSettled] = useState(!wanted);
  const { data, isError } = useQuery({ ...api.projects.places.queryOptions(), enabled: wanted });
  useEffect(() => {
    if (settled || (data === undefined && !isError)) return;
    if (data?.startProject !== undefined) setCurrentProject(data.startProject);
    setSettled(true);
  }, [data, isError, settled]);
  return settled;
}
