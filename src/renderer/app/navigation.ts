import {
  Blocks,
  Box,
  ChartSpline,
  Cpu,
  FileText,
  Gauge,
  GitCompareArrows,
  ListChecks,
  PackageOpen,
  PenLine,
  Settings,
  Sprout,
  type LucideIcon,
} from 'lucide-react';
import type { Namespace } from '../strings/en/index.ts';

/** The screens that one can go to from everywhere, by the name of their texts. */
export const destinations = {
  data: { to: '/data', icon: FileText, key: 'd' },
  tokenizers: { to: '/tokenizers', icon: Blocks, key: 't' },
  'new-model': { to: '/new-model', icon: Sprout, key: 'n' },
  runs: { to: '/runs', icon: ChartSpline, key: 'r' },
  compare: { to: '/compare', icon: GitCompareArrows, key: 'c' },
  models: { to: '/models', icon: Box, key: 'm' },
  write: { to: '/write', icon: PenLine, key: 'w' },
  evaluate: { to: '/evaluate', icon: Gauge, key: 'e' },
  export: { to: '/export', icon: PackageOpen, key: 'x' },
  activity: { to: '/activity', icon: ListChecks, key: 'a' },
  hardware: { to: '/hardware', icon: Cpu, key: 'h' },
  settings: { to: '/settings', icon: Settings, key: 's' },
} as const satisfies Partial<
  Record<Namespace, { readonly to: string; readonly icon: LucideIcon; readonly key: string }>
>;

export type DestinationName = keyof typeof destinations;

export const destinationNames = Object.keys(destinations) as readonly DestinationName[];

/** The three stages of building a language model, and what each consists of. */
export const stages = [
  { name: 'stagePrepare', screens: ['data', 'tokenizers'] },
  { name: 'stageTrain', screens: ['new-model', 'runs', 'compare'] },
  { name: 'stageUse', screens: ['models', 'write', 'evaluate', 'export'] },
] as const;

/** What belongs to no stage. */
export const elsewhere = ['activity', 'hardware', 'settings'] as const;

/** Those that there are without a project. */
export const withoutProject: ReadonlySet<DestinationName> = new Set(['hardware', 'settings']);
