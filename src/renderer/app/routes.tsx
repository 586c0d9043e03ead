import { createHashHistory, createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { NotFound, ScreenFailure } from './failures.tsx';
import { lazyScreen } from './lazy-screen.ts';
import { InProject } from './in-project.tsx';
import { compareSearchSchema } from '../screens/compare/search.ts';
import { runSearchSchema } from '../screens/run/search.ts';
import { runsSearchSchema } from '../screens/runs/search.ts';
import { dataSearchSchema } from '../screens/data/search.ts';
import { tokenizersSearchSchema } from '../screens/tokenizers/search.ts';
import { evaluateSearchSchema } from '../screens/evaluate/search.ts';
import { exportSearchSchema } from '../screens/export/search.ts';
import { modelsSearchSchema } from '../screens/models/search.ts';
import { writeSearchSchema } from '../screens/write/search.ts';
import { newModelSearchSchema } from '../screens/new-model/search.ts';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

/** What is around the screens that show a project. */
const inProject = createRoute({ getParentRoute: () => root, id: 'project', component: InProject });

/** Screens that need no project. A screen is loaded when it is first shown. */
const ownScreens = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    validateSearch: ({ new: wanted }: { readonly new?: unknown }): { readonly new?: true } =>
      wanted === true ? { new: true } : {},
    component: lazyScreen(() => import('../screens/start/start-screen.tsx'), 'StartScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings',
    component: lazyScreen(() => import('../screens/settings/settings-screen.tsx'), 'SettingsScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/hardware',
    component: lazyScreen(() => import('../screens/hardware/hardware-screen.tsx'), 'HardwareScreen'),
  }),
] as const;

/** Screens of the project that is open. */
const projectScreens = [
  createRoute({
    getParentRoute: () => inProject,
    path: '/data',
    validateSearch: dataSearchSchema,
    component: lazyScreen(() => import('../screens/data/data-screen.tsx'), 'DataScreen'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/tokenizers',
    validateSearch: tokenizersSearchSchema,
    component: lazyScreen(() => import('../screens/tokenizers/tokenizers-screen.tsx'), 'TokenizersScreen'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/new-model',
    validateSearch: newModelSearchSchema,
    component: lazyScreen(() => import('../screens/new-model/new-model-screen.tsx'), 'NewModelScreen'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/runs',
    validateSearch: runsSearchSchema,
    component: lazyScreen(() => import('../screens/runs/runs-screen.tsx'), 'RunsScreen'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/runs/$run',
    validateSearch: runSearchSchema,
    component: lazyScreen(() => import('../screens/run/run-screen.tsx'), 'RunScreen'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/compare',
    validateSearch: compareSearchSchema,
    component: lazyScreen(() => import('../screens/compare/compare-screen.tsx'), 'CompareScreen'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/models',
    validateSearch: modelsSearchSchema,
    component: lazyScreen(() => import('../screens/models/models-screen.tsx'), 'ModelsScreen'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/write',
    validateSearch: writeSearchSchema,
    component: lazyScreen(() => import('../screens/write/write-screen.tsx'), 'WriteScreen'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/evaluate',
    validateSearch: evaluateSearchSchema,
    component: lazyScreen(() => import('../screens/evaluate/evaluate-screen.tsx'), 'EvaluateScreen'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/export',
    validateSearch: exportSearchSchema,
    component: lazyScreen(() => import('../screens/export/export-screen.tsx'), 'ExportScreen'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/activity',
    component: lazyScreen(() => import('../screens/activity/activity-screen.tsx'), 'ActivityScreen'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/check',
    component: lazyScreen(() => import('../screens/check/check-screen.tsx'), 'CheckScreen'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([...ownScreens, inProject.addChildren(projectScreens)]),
  history: createHashHistory(),
  defaultPreload: 'intent',
  defaultErrorComponent: ScreenFailure,
  scrollRestoration: true,
  scrollToTopSelectors: ['#main'],
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
