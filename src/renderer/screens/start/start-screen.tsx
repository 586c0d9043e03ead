import type { JSX } from 'react';

export function StartScreen({ stay = false }: { readonly stay?: boolean }): JSX.Element {
  return <h1>Start {String(stay)}</h1>;
}
