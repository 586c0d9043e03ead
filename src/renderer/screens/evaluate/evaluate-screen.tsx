import type { JSX } from 'react';

export function EvaluateScreen(): JSX.Element {
  return <h1>Evaluate</h1>;
}
