/** Told once when a signal fires. */
export interface AbortWatcher {
  onAbort(signal: AbortSignal): void;
}

type Watch = { readonly watchers: Set<AbortWatcher>; readonly listener: () => void };

const watches = new WeakMap<AbortSignal, Watch>();

/**
 * Watches a signal that many calls share. However many they are, the signal has one listener: Node warns of a leak at
 * eleven, and adding one costs far more than a place in a set.
 */
export function watchAbort(signal: AbortSignal, watcher: AbortWatcher): void {
  let watch = watches.get(signal);
  if (!watch) {
    const watchers = new Set<AbortWatcher>();
    const listener = () => {
      watches.delete(signal);
      for (const each of watchers) each.onAbort(signal);
    };
    watch = { watchers, listener };
    watches.set(signal, watch);
    signal.addEventListener("abort", listener, { once: true });
  }
  watch.watchers.add(watcher);
}

export function unwatchAbort(signal: AbortSignal, watcher: AbortWatcher): void {
  const watch = watches.get(signal);
  if (!watch?.watchers.delete(watcher) || watch.watchers.size > 0) return;
  watches.delete(signal);
  signal.removeEventListener("abort", watch.listener);
}
