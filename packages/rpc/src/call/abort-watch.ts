import { type AbortSource, type AbortWatcher, Cancellation } from "./cancellation.ts";

type Watch = { readonly watchers: Set<AbortWatcher>; readonly listener: () => void };

const watches = new WeakMap<AbortSignal, Watch>();

/**
 * Watches what many calls may share. However many they are, a signal has one listener: Node warns of a leak at eleven,
 * and adding one costs far more than a place in a set.
 */
export function watchAbort(source: AbortSignal | Cancellation, watcher: AbortWatcher): void {
  if (source instanceof Cancellation) {
    source.watch(watcher);
    return;
  }
  let watch = watches.get(source);
  if (!watch) {
    const watchers = new Set<AbortWatcher>();
    const listener = () => {
      watches.delete(source);
      for (const each of watchers) each.onAbort(source as AbortSource);
    };
    watch = { watchers, listener };
    watches.set(source, watch);
    source.addEventListener("abort", listener, { once: true });
  }
  watch.watchers.add(watcher);
}

export function unwatchAbort(source: AbortSignal | Cancellation, watcher: AbortWatcher): void {
  if (source instanceof Cancellation) {
    source.unwatch(watcher);
    return;
  }
  const watch = watches.get(source);
  if (!watch?.watchers.delete(watcher) || watch.watchers.size > 0) return;
  watches.delete(source);
  source.removeEventListener("abort", watch.listener);
}
