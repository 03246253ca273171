/** What can end a call: an `AbortSignal`, or a `Cancellation`. */
export interface AbortSource {
  readonly aborted: boolean;
  readonly reason: unknown;
}

/** Told once when a source fires. */
export interface AbortWatcher {
  onAbort(source: AbortSource): void;
}

/**
 * Ends a call, once. It has a signal only when someone asks for one: making one and listening to it costs more than all
 * else that a call needs here, and most calls are never looked at.
 */
export class Cancellation implements AbortSource {
  // Most have one watcher at most: only the second makes a set.
  #watcher: AbortWatcher | undefined;
  #others: Set<AbortWatcher> | undefined;
  #controller: AbortController | undefined;
  #aborted = false;
  #reason: unknown;

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    const first = this.#watcher;
    this.#watcher = undefined;
    first?.onAbort(this);
    for (const watcher of this.#others ?? []) watcher.onAbort(this);
    this.#others = undefined;
  }

  /** Tells of the end. Not of one that has been already. */
  watch(watcher: AbortWatcher): void {
    if (this.#watcher === undefined) this.#watcher = watcher;
    else if (this.#watcher !== watcher) {
      this.#others ??= new Set();
      this.#others.add(watcher);
    }
  }

  unwatch(watcher: AbortWatcher): void {
    if (this.#watcher === watcher) this.#watcher = undefined;
    else this.#others?.delete(watcher);
  }

  /** Aborts with a signal. @returns lets go of it. */
  follow(signal: AbortSignal): () => void {
    const onAbort = (): void => this.abort(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    return () => signal.removeEventListener("abort", onAbort);
  }
}
