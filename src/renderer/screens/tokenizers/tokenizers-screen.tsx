import type { JSX } from 'react';

export function TokenizersScreen(): JSX.Element {
  return <h1>Tokenizers</h1>;
}
