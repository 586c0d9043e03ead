import type { JSX } from 'react';

export function CompareScreen(): JSX.Element {
  return <h1>Compare</h1>;
}
