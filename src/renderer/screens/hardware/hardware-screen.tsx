import type { JSX } from 'react';

export function HardwareScreen(): JSX.Element {
  return <h1>Hardware</h1>;
}
