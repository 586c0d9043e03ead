import type { JSX } from 'react';

export function WriteScreen(): JSX.Element {
  return <h1>Write</h1>;
}
