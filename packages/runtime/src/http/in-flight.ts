/** The requests that are being served, so that a shutdown can wait for them, and end them when it cannot. */
export class InFlight {
  readonly #requests = new Set<AbortController>();
  #whenIdle: (() => void) | undefined;

  /** Set by a shutdown: connections are not kept for another request. */
  draining = false;

  get size(): number {
    return this.#requests.size;
  }

  /** A request begins; the controller aborts it. */
  open(): AbortController {
    const controller = new AbortController();
    this.#requests.add(controller);
    return controller;
  }

  close(controller: AbortController): void {
    this.#requests.delete(controller);
    if (this.#requests.size === 0) this.#whenIdle?.();
  }

  /** Resolves when no request is left. */
  idle(): Promise<void> {
    if (this.#requests.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  abortAll(reason: unknown): void {
    for (const controller of this.#requests) controller.abort(reason);
  }
}
