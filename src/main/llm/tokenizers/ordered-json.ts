/** A JSON value in which a Map is an object whose keys keep their order ("0" would come first in a plain object). */
export type OrderedJson =
  | null
  | boolean
  | number
  | string
  | readonly OrderedJson[]
  | { readonly [key: string]: OrderedJson }
  | ReadonlyMap<string, OrderedJson>;

/** JSON with two spaces of indentation, byte for byte as `tokenizers` (serde_json) and JSON.stringify write it. */
export function writeOrderedJson(value: OrderedJson, indentation = ''): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = `${indentation}  `;
  const isArray = Array.isArray(value);
  const members = isArray
    ? value.map((member: OrderedJson) => writeOrderedJson(member, inner))
    : [...(value instanceof Map ? value : Object.entries(value))].map(
        ([key, member]: readonly [string, OrderedJson]) =>
          `${JSON.stringify(key)}: ${writeOrderedJson(member, inner)}`,
      );
  const [open, close] = isArray ? ['[', ']'] : ['{', '}'];
  if (members.length === 0) return open + close;
  return `${open}\n${members.map((member) => inner + member).join(',\n')}\n${indentation}${close}`;
}
