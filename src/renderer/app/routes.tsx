import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell });

/** A screen is loaded when it is first shown. */
const screens = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: lazyRouteComponent(() => import('../screens/start/start-screen.tsx'), 'StartScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/data',
    component: lazyRouteComponent(() => import('../screens/data/data-screen.tsx'), 'DataScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tokenizers',
    component: lazyRouteComponent(
      () => import('../screens/tokenizers/tokenizers-screen.tsx'),
      'TokenizersScreen',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/new-model',
    component: lazyRouteComponent(
      () => import('../screens/new-model/new-model-screen.tsx'),
      'NewModelScreen',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs',
    component: lazyRouteComponent(() => import('../screens/runs/runs-screen.tsx'), 'RunsScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs/$run',
    component: lazyRouteComponent(() => import('../screens/run/run-screen.tsx'), 'RunScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/compare',
    component: lazyRouteComponent(() => import('../screens/compare/compare-screen.tsx'), 'CompareScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/models',
    component: lazyRouteComponent(() => import('../screens/models/models-screen.tsx'), 'ModelsScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/write',
    component: lazyRouteComponent(() => import('../screens/write/write-screen.tsx'), 'WriteScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/evaluate',
    component: lazyRouteComponent(() => import('../screens/evaluate/evaluate-screen.tsx'), 'EvaluateScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/export',
    component: lazyRouteComponent(() => import('../screens/export/export-screen.tsx'), 'ExportScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/activity',
    component: lazyRouteComponent(() => import('../screens/activity/activity-screen.tsx'), 'ActivityScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings',
    component: lazyRouteComponent(() => import('../screens/settings/settings-screen.tsx'), 'SettingsScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/hardware',
    component: lazyRouteComponent(() => import('../screens/hardware/hardware-screen.tsx'), 'HardwareScreen'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(screens),
  history: createHashHistory(),
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
