import type { JSX } from 'react';

export function DataScreen(): JSX.Element {
  return <h1>Data</h1>;
}
