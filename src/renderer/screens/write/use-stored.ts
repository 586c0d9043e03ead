import { useCallback, useState } from 'react';

/** A choice that this window remembers over a reload. */
export function useStored<Value>(
  key: string,
  usual: Value,
  parse: (stored: unknown) => Value,
): readonly [Value, (value: Value) => void] {
  const [value, setValue] = useState<Value>(() => read(key, usual, parse));
  const store = useCallback(
    (next: Value) => {
      setValue(next);
      localStorage.setItem(key, JSON.stringify(next));
    },
    [key],
  );
  return [value, store];
}

function read<Value>(key: string, usual: Value, parse: (stored: unknown) => Value): Value {
  const stored = localStorage.getItem(key);
  if (stored === null) return usual;
  try {
    return parse(JSON.parse(stored));
  } catch {
    // Written by another version of Loam: the usual value does.
    return usual;
  }
}
