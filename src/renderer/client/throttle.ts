/**
 * Does things by name, each at once, but the same one only so often: what is asked for meanwhile is done when its time has
 * come, once.
 */
export function throttle<Name>(work: (name: Name) => void, interval: number): (name: Name) => void {
  /** Those that were done lately; `again`: once more when the interval is over. */
  const lately = new Map<Name, { again: boolean }>();
  const perform = (name: Name): void => {
    const state = { again: false };
    lately.set(name, state);
    setTimeout(() => {
      lately.delete(name);
      if (state.again) perform(name);
    }, interval);
    work(name);
  };
  return (name) => {
    const state = lately.get(name);
    if (state === undefined) perform(name);
    else state.again = true;
  };
}
