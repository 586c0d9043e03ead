import { Link, Outlet } from '@tanstack/react-router';
import type { JSX } from 'react';

/** What stays around every screen: navigation, the project, what is running. */
export function Shell(): JSX.Element {
  return (
    <div>
      <nav>
        <Link to="/">Start</Link> <Link to="/data">Data</Link> <Link to="/runs">Runs</Link>
      </nav>
      <main>
        <Outlet />
      </main>
    </div>
  );
}
