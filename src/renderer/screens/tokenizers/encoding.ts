import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { EncodedText } from '../../../shared/tokenizers/encoding.ts';
import { api } from '../../client/client.ts';
import { useDebounced } from '../../client/use-debounced.ts';
import { encodedPart } from './text-panel.tsx';

/** How long typing must rest before the text is encoded, in milliseconds. */
export const typingRest = 120;

/** The tokens of a text, kept up with what is typed; the former ones stay until the new are there. */
export function useEncoding(name: string, text: string): UseQueryResult<EncodedText> {
  const settled = useDebounced(text, typingRest);
  return useQuery(
    api.tokenizers.encode.queryOptions({
      input: { name, text: encodedPart(settled) },
      placeholderData: keepPreviousData,
      gcTime: 30_000,
    }),
  );
}
