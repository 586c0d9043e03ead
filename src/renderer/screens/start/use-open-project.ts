import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../client/client.ts';
import { setCurrentProject } from '../../client/current-project.ts';

/** Shows a project in this window. */
export type ShowProject = (project: { readonly folder: string }) => void;

/** @param stay Keeps the screen whose address was asked for, rather than beginning at the data. */
export function useShowProject(stay: boolean): ShowProject {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return ({ folder }) => {
    setCurrentProject(folder);
    void queries.invalidateQueries({ queryKey: api.projects.recent.key() });
    if (!stay) void navigate({ to: '/data' });
  };
}

/** Opens the project in a folder, and shows it. */
export function useOpenProject(stay: boolean) {
  const show = useShowProject(stay);
  return useMutation(api.projects.open.mutationOptions({ onSuccess: show }));
}
