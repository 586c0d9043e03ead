import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { startLanguage } from './strings/language.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element "root" to draw into.');
startLanguage();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
