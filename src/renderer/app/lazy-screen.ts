import { lazyRouteComponent } from '@tanstack/react-router';

/** Milliseconds between two looks whether the studio is there again. */
const lookInterval = 1000;

/** Resolves once the studio answers this page, and lets it in. */
async function untilReachable(): Promise<void> {
  for (;;) {
    const answer = await fetch(location.pathname, { method: 'HEAD', cache: 'no-store' }).catch(
      () => undefined,
    );
    if (answer?.ok === true) return;
    await new Promise((resolve) => void setTimeout(resolve, lookInterval));
  }
}

/**
 * A screen that is loaded when it is first shown. Where the studio is away at that moment, it is loaded once the studio is
 * there again: the router would reload the page, which a studio that does not answer cannot give.
 */
export function lazyScreen<Module extends Record<string, unknown>, Name extends keyof Module>(
  load: () => Promise<Module>,
  name: Name,
): ReturnType<typeof lazyRouteComponent<Module, Name>> {
  return lazyRouteComponent<Module, Name>(
    () =>
      load().catch(async () => {
        await untilReachable();
        return load();
      }),
    name,
  );
}
