import type { MessagePort, Worker } from "node:worker_threads";
import { ChainsError } from "@truss-chains/errors";
import type { WireRequest } from "@truss-chains/rpc";
import type { Answer } from "../handler/answer.ts";
import { failureAnswer } from "../handler/failure.ts";
import type { Health } from "../lifecycle/health-check.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

const DEAD: Health = { ok: false, reason: "A worker thread died." };

interface Pending {
  onMessage(message: FromWorker & { readonly id: number }): void;
  onGone(): void;
}

/** The main thread's end of `servePort`: calls go through a port, many at a time. */
export class PortCaller {
  readonly #port: MessagePort | Worker;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #gone = false;

  constructor(port: MessagePort | Worker) {
    this.#port = port;
    port.on("message", (message: FromWorker) => {
      if ("id" in message) this.#pending.get(message.id)?.onMessage(message);
    });
  }

  /** Calls and streams under way. */
  get busy(): number {
    return this.#pending.size;
  }

  /** The other end died: everything under way fails. */
  fail(): void {
    this.#gone = true;
    for (const pending of [...this.#pending.values()]) pending.onGone();
  }

  call({ headers, body, signal }: WireRequest): Promise<Answer> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const onAbort = (): void => this.#post({ kind: "abort", id });
      const release = (): void => {
        signal?.removeEventListener("abort", onAbort);
        this.#pending.delete(id);
      };
      const settle = (answer: Answer): void => {
        if (typeof answer.body === "string" || answer.body instanceof Uint8Array) release();
        resolve(answer);
      };
      if (this.#gone) return settle(died());
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#pending.set(id, {
        onGone: () => settle(died()),
        onMessage: (message) => {
          if (message.kind !== "answer") return;
          const { status, headers: answered, body: whole } = message;
          settle({ status, headers: answered, body: whole ?? this.#pieces(id, release) });
        },
      });
      this.#post({ kind: "call", id, headers, body });
      if (signal?.aborted) onAbort();
    });
  }

  /** Whether the other end could serve a call. */
  health(): Promise<Health> {
    if (this.#gone) return Promise.resolve(DEAD);
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const settle = (health: Health): void => {
        this.#pending.delete(id);
        resolve(health);
      };
      this.#pending.set(id, {
        onGone: () => settle(DEAD),
        onMessage: (message) => message.kind === "health" && settle(message.health),
      });
      this.#post({ kind: "health", id });
    });
  }

  async *#pieces(id: number, release: () => void): AsyncIterable<Uint8Array> {
    let over = false;
    try {
      while (true) {
        const message = await this.#pull(id);
        if (message?.kind === "piece") {
          yield message.bytes;
          continue;
        }
        over = true;
        if (message?.kind === "end" && !message.failed) return;
        throw new ChainsError("STREAM_FORMAT", "The stream ended before it was complete.");
      }
    } finally {
      if (!over) this.#post({ kind: "abort", id });
      release();
    }
  }

  #pull(id: number): Promise<FromWorker | undefined> {
    if (this.#gone) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#pending.set(id, { onMessage: resolve, onGone: () => resolve(undefined) });
      this.#post({ kind: "pull", id });
    });
  }

  #post(message: ToWorker): void {
    this.#port.postMessage(message);
  }
}

function died(): Answer {
  return failureAnswer(
    new ChainsError("CHAINLET_NOT_READY", "The worker thread that served this call died.", {
      fix: "Look at the server's log for the reason.",
    }),
  );
}
