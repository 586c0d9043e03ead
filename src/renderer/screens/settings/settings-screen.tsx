import type { JSX } from 'react';

export function SettingsScreen(): JSX.Element {
  return <h1>Settings</h1>;
}
