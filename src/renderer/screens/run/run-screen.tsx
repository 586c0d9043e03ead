import type { JSX } from 'react';

export function RunScreen(): JSX.Element {
  return <h1>Run</h1>;
}
