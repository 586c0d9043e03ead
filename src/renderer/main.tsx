import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { startTheme } from './theme/theme.ts';
import { startLanguage } from './strings/language.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element "root" to draw into.');
startTheme();
startLanguage();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
