import type { JSX } from 'react';
import { steps, strings } from './strings.ts';

/** Says what Loam is and which commands lead from text to a model. */
export function StartScreen(): JSX.Element {
  return (
    <main>
      <h1>{strings.title}</h1>
      <p className="lead">{strings.lead}</p>
      <p>{strings.today}</p>
      <ol>
        {steps.map(({ command, what }) => (
          <li key={command}>
            <code>{command}</code>
            <span>{what}</span>
          </li>
        ))}
      </ol>
      <p className="more">{strings.more}</p>
    </main>
  );
}
