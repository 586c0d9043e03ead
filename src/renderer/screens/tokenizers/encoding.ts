import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { EncodedText } from '../../../shared/tokenizers/encoding.ts';
import { api } from '../../app/client.ts';
import { encodedPart } from './text-panel.tsx';

/** How long typing must rest before the text is encoded, in milliseconds. */
const typingRest = 120;

/** A value once it has stopped changing. */
export function useSettled<Value>(value: Value, rest = typingRest): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), rest);
    return () => clearTimeout(timer);
  }, [value, rest]);
  return settled;
}

/** The tokens of a text, kept up with what is typed; the former ones stay until the new are there. */
export function useEncoding(name: string, text: string): UseQueryResult<EncodedText> {
  const settled = useSettled(text);
  return useQuery(
    api.tokenizers.encode.queryOptions({
      input: { name, text: encodedPart(settled) },
      placeholderData: keepPreviousData,
      gcTime: 30_000,
    }),
  );
}
