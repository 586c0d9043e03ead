/** What the curves of a run are drawn over. */
export const chartAxes = ['step', 'time', 'tokens'] as const;
export type ChartAxis = (typeof chartAxes)[number];
