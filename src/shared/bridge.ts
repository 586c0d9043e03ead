/** What the preload script puts into the window as `loam`. */
export interface Bridge {
  /** The operating system, by Node's name: `linux`, `darwin`, `win32`. */
  readonly platform: string;
}
