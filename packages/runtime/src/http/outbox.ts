import type { ServerResponse } from "node:http";

interface Parcel {
  readonly response: ServerResponse;
  readonly body: string | Uint8Array;
}

/** Answers that leave together at most. */
const MOST = 16;

/** When answers came to wait longer for each other than this, the next ones leave one by one. */
const PATIENCE_MS = 2;

/**
 * Sends answers at the end of the event loop's turn, all that are ready by then. Each answer wakes its client, and the
 * processor goes to whoever woke up: it is better to read and answer first what has arrived. Handlers that hold up the
 * event loop would hold up the answers of others with it, so that then each leaves at once.
 */
export class Outbox {
  #parcels: Parcel[] = [];
  #answers = 0;
  #since = 0;
  #patient = true;

  /** Ends a response whose head is set. */
  end(response: ServerResponse, body: string | Uint8Array): void {
    if (this.#answers++ === 0) {
      this.#since = performance.now();
      setImmediate(this.#send);
    }
    if (this.#patient) this.#parcels.push({ response, body });
    else response.end(body);
    if (this.#answers === MOST) this.#send();
  }

  readonly #send = (): void => {
    if (this.#answers === 0) return;
    this.#patient = performance.now() - this.#since < PATIENCE_MS;
    this.#answers = 0;
    const parcels = this.#parcels;
    this.#parcels = [];
    for (const { response, body } of parcels) response.end(body);
  };
}
