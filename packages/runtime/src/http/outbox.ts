import type { ServerResponse } from "node:http";

/**
 * Sends answers at the end of the event loop's turn, all that are ready by then. Each answer wakes its client, and on
 * a busy machine the processor goes to whoever woke up: requests that have arrived are read and answered first.
 */
export class Outbox {
  #ready: { readonly response: ServerResponse; readonly body: string | Uint8Array }[] = [];

  /** Ends a response whose head is set. */
  end(response: ServerResponse, body: string | Uint8Array): void {
    if (this.#ready.push({ response, body }) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const ready = this.#ready;
    this.#ready = [];
    for (const { response, body } of ready) response.end(body);
  }
}
