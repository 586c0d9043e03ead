import { spawn } from 'node:child_process';

/** What shows a link in the person's browser: a program with its words, or nothing where there is none to be seen. */
export type BrowserCommand = { readonly program: string; readonly words: readonly string[] } | undefined;

/** The command that opens a link on a system. */
export function browserCommand(
  link: string,
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): BrowserCommand {
  switch (platform) {
    case 'win32':
      // The empty words are the new window's title, without which `start` would take the link for it.
      return { program: 'cmd', words: ['/c', 'start', '""', link.replaceAll('&', '^&')] };
    case 'darwin':
      return { program: 'open', words: [link] };
    default:
      // Without a screen `xdg-open` would start a browser in the terminal.
      return environment.DISPLAY || environment.WAYLAND_DISPLAY
        ? { program: 'xdg-open', words: [link] }
        : undefined;
  }
}

/** Shows a link in the person's browser. Where that cannot be, nothing happens: the link was printed too. */
export function openBrowser(link: string): void {
  const command = browserCommand(link);
  if (command === undefined) return;
  const child = spawn(command.program, command.words, {
    stdio: 'ignore',
    detached: true,
    windowsVerbatimArguments: true,
  });
  child.on('error', () => undefined);
  child.unref();
}
