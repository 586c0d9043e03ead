import type { JSX } from 'react';

export function StartScreen(): JSX.Element {
  return <h1>Start</h1>;
}
