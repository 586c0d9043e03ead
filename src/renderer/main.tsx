import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { StartScreen } from './start/start-screen.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element "root" to draw into.');
createRoot(root).render(
  <StrictMode>
    <StartScreen />
  </StrictMode>,
);
