import type { JSX } from 'react';

export function RunsScreen(): JSX.Element {
  return <h1>Runs</h1>;
}
