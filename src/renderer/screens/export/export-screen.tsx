import type { JSX } from 'react';

export function ExportScreen(): JSX.Element {
  return <h1>Export</h1>;
}
