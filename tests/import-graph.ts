import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** One module that imports another, both by their paths below the repository, with slashes. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

const specifier = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/** Every relative import of the modules below a folder: of values and of types, static and dynamic. */
export function readImports(folder: string): readonly Import[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => {
      const from = join(root, folder, file);
      return [...readFileSync(from, 'utf8').matchAll(specifier)].map(([, path = '']) => ({
        from: below(from),
        to: below(resolve(dirname(from), path)),
      }));
    });
}

function below(path: string): string {
  return relative(root, path).replaceAll('\\', '/');
}

/** What imports what, each module taken for the unit that it belongs to; modules that belong to none are left out. */
export function importsBetween(
  imports: readonly Import[],
  unitOf: (module: string) => string | undefined,
): ReadonlyMap<string, ReadonlyMap<string, Import>> {
  const units = new Map<string, Map<string, Import>>();
  for (const each of imports) {
    const from = unitOf(each.from);
    const to = unitOf(each.to);
    if (from === undefined || to === undefined || from === to) continue;
    const imported = units.get(from) ?? new Map<string, Import>();
    units.set(from, imported);
    if (!imported.has(to)) imported.set(to, each);
  }
  return units;
}

/** The imports that lead from a unit back to it, as sentences; none where there is no circle. */
export function findCircle(units: ReadonlyMap<string, ReadonlyMap<string, Import>>): readonly string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (unit: string): readonly string[] | undefined => {
    if (path.includes(unit)) return [...path.slice(path.indexOf(unit)), unit];
    if (done.has(unit)) return undefined;
    path.push(unit);
    for (const next of units.get(unit)?.keys() ?? []) {
      const circle = visit(next);
      if (circle !== undefined) return circle;
    }
    path.pop();
    done.add(unit);
    return undefined;
  };
  for (const unit of units.keys()) {
    const circle = visit(unit);
    if (circle === undefined) continue;
    return circle.slice(1).map((next, index) => {
      const { from, to } = units.get(circle[index] ?? '')?.get(next) ?? { from: '', to: '' };
      return `${from} imports ${to}`;
    });
  }
  return [];
}
