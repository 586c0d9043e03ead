import { LoamError } from '../../../../shared/errors.ts';
import type { GgufMetadata, GgufReader } from '../../models/gguf-reader.ts';
import { registeredArchitectures } from '../../models/registry.ts';

/** What reads a GGUF file's model. @throws LoamError when no architecture here has such models */
export function requireGgufReader(metadata: GgufMetadata, where: string): GgufReader {
  const name = metadata.get('general.architecture');
  const readers = registeredArchitectures().flatMap(({ ggufReaders }) => [...(ggufReaders ?? [])]);
  const reader = readers.find(([known]) => known === name)?.[1];
  if (reader !== undefined) return reader;
  throw new LoamError({
    kind: 'input',
    where,
    what:
      typeof name === 'string'
        ? `Models of the kind "${name}" are not supported.`
        : 'The file does not say what kind of model it holds (general.architecture).',
    remedy: `Loam reads GGUF files of these kinds: ${readers.map(([known]) => known).join(', ')}.`,
  });
}
