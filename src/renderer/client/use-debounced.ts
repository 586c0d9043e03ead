import { useEffect, useState } from 'react';

/** A value once it has not changed for so many milliseconds. */
export function useDebounced<Value>(value: Value, rest: number): Value {
  const [debounced, setDebounced] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setDebounced(value), rest);
    return () => clearTimeout(timer);
  }, [value, rest]);
  return debounced;
}
