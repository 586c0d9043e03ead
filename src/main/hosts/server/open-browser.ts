import { spawn } from 'node:child_process';

/** What shows a page in the person's browser: a program with its words, or nothing where there is none to be seen. */
export type BrowserCommand = { readonly program: string; readonly words: readonly string[] } | undefined;

/**
 * The command that opens a file in the browser. It is a file and not the link: what a command is told can be read by every
 * user of the machine (`opening-page.ts`).
 */
export function browserCommand(
  file: string,
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): BrowserCommand {
  switch (platform) {
    case 'win32':
      // The empty words are the new window's title, without which `start` would take the file for it.
      return { program: 'cmd', words: ['/c', 'start', '""', `"${file}"`] };
    case 'darwin':
      return { program: 'open', words: [file] };
    default:
      // Without a screen `xdg-open` would start a browser in the terminal.
      return environment.DISPLAY || environment.WAYLAND_DISPLAY
        ? { program: 'xdg-open', words: [file] }
        : undefined;
  }
}

/** Shows a file in the person's browser. @returns whether there is a browser to be seen; what it does is not known */
export function openBrowser(file: string): boolean {
  const command = browserCommand(file);
  if (command === undefined) return false;
  const child = spawn(command.program, command.words, {
    stdio: 'ignore',
    detached: true,
    windowsVerbatimArguments: true,
  });
  child.on('error', () => undefined);
  child.unref();
  return true;
}
