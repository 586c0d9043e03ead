/** What the preload script puts into the desktop application's window as `loam`; absent in a browser. */
export interface Bridge {
  /** The operating system, by Node's name: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** Asks the person for files, in the system's own window. Empty when none was chosen. */
  chooseFiles(): Promise<readonly string[]>;
  /** Asks the person for an archive with libraries of an engine. Undefined when none was chosen. */
  chooseArchive(): Promise<string | undefined>;
  /** Asks the person for a folder. Undefined when none was chosen. */
  chooseFolder(): Promise<string | undefined>;
  /** Shows a folder in the system's file manager. */
  revealFolder(folder: string): Promise<void>;
  /** Where a file that was dropped or chosen lies; empty for one that was made by the page. */
  pathOf(file: File): string;
  /**
   * Told the folder of a project that is to be shown: chosen in the menu or the system's list of recent ones, or given to
   * a second start of the application. @returns ends it
   */
  onOpenProject(listener: (folder: string) => void): () => void;
}

/**
 * The message with which the page hands one end of a channel to the preload script, which passes it on to the main
 * process: a port cannot be returned through the bridge itself.
 */
export const connectMessage = 'loam:connect';

/** What the preload script asks of the main process, and is told by it. Each has a name of its own, and no other is heard. */
export const bridgeChannels = {
  chooseFiles: 'loam:choose-files',
  chooseArchive: 'loam:choose-archive',
  chooseFolder: 'loam:choose-folder',
  revealFolder: 'loam:reveal-folder',
  openProject: 'loam:open-project',
} as const;

declare global {
  interface Window {
    readonly loam?: Bridge;
  }
}
