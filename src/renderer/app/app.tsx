import { Tooltip } from '@base-ui/react/tooltip';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { JSX } from 'react';
import { Toasts } from '../components/toast.tsx';
import { followChanges } from '../client/changes.ts';
import { followDesktop } from './desktop.ts';
import { onReconnect } from '../client/connection.ts';
import { router } from './routes.tsx';

const queries = new QueryClient({
  // What the studio shows is refreshed when it says that something changed, not on a guess.
  defaultOptions: { queries: { staleTime: Infinity, refetchOnWindowFocus: false, retry: false } },
});
followChanges(queries);
onReconnect(() => void queries.invalidateQueries());
followDesktop();

/** The whole window. */
export function App(): JSX.Element {
  return (
    <QueryClientProvider client={queries}>
      <Tooltip.Provider delay={500}>
        <RouterProvider router={router} />
        <Toasts />
      </Tooltip.Provider>
    </QueryClientProvider>
  );
}
