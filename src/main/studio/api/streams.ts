/** Whether a procedure's answer is a stream of events rather than one value. */
export function isStream(output: unknown): output is AsyncIteratorObject<unknown, unknown, void> {
  return (
    typeof output === 'object' &&
    output !== null &&
    Symbol.asyncIterator in output &&
    'next' in output &&
    typeof output.next === 'function'
  );
}
