import type { JSX } from 'react';

export function ActivityScreen(): JSX.Element {
  return <h1>Activity</h1>;
}
