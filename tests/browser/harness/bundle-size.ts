import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What built pages weigh when they are sent compressed, in bytes. */
export interface BundleSize {
  /** All scripts and styles but the code editor's. */
  readonly pages: number;
  /** Monaco, which is loaded where a configuration is edited, and nowhere else. */
  readonly monaco: number;
  /** What is loaded before the first screen is drawn: the page's own scripts and styles, and that screen's. */
  readonly first: number;
  /** The files that are loaded before the first screen is drawn, by name. */
  readonly firstFiles: readonly string[];
  readonly monacoFiles: readonly string[];
}

/** Monaco's own scripts and styles name it, and its parts that run beside the page are workers. */
function isMonaco(name: string, content: Buffer): boolean {
  return /[.-]worker-[^/]*\.js$/.test(name) || content.includes('monaco-editor');
}

/** The scripts and styles of the screen on which the studio opens, which the page asks for as soon as it runs. */
const isFirstScreen = (name: string): boolean => name.startsWith('start-screen-');

/** The scripts that a script loads before it runs itself. */
function staticImports(content: Buffer): readonly string[] {
  return [...content.toString('utf8').matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+)["']/g)].flatMap(
    ([, name]) => (name === undefined ? [] : [name]),
  );
}

/** @param folder the built pages, as a server serves them. */
export async function measureBundle(folder: string): Promise<BundleSize> {
  const assets = join(folder, 'assets');
  const names = (await readdir(assets)).filter((name) => /\.(js|css)$/.test(name));
  const contents = new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, Buffer]> => [name, await readFile(join(assets, name))]),
    ),
  );
  const weigh = (chosen: readonly string[]): number =>
    chosen.reduce((sum, name) => sum + gzipSync(contents.get(name) ?? '').length, 0);
  const monacoFiles = names.filter((name) => isMonaco(name, contents.get(name) ?? Buffer.alloc(0)));

  const page = await readFile(join(folder, 'index.html'), 'utf8');
  const first = new Set<string>();
  const waiting = names.filter((name) => page.includes(name) || isFirstScreen(name));
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (first.has(name)) continue;
    first.add(name);
    const content = contents.get(name);
    if (content !== undefined && name.endsWith('.js')) waiting.push(...staticImports(content));
  }
  return {
    pages: weigh(names.filter((name) => !monacoFiles.includes(name))),
    monaco: weigh(monacoFiles),
    first: weigh([...first]),
    firstFiles: [...first],
    monacoFiles,
  };
}
