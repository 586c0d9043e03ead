/** What the preload script puts into the desktop application's window as `loam`; absent in a browser. */
export interface Bridge {
  /** The operating system, by Node's name: `linux`, `darwin`, `win32`. */
  readonly platform: string;
}

/**
 * The message with which the page hands one end of a channel to the preload script, which passes it on to the main
 * process: a port cannot be returned through the bridge itself.
 */
export const connectMessage = 'loam:connect';

declare global {
  interface Window {
    readonly loam?: Bridge;
  }
}
