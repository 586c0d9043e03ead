import type { JSX } from 'react';

export function NewModelScreen(): JSX.Element {
  return <h1>NewModel</h1>;
}
