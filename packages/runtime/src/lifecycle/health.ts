import type { Logger } from "../logs/logger.ts";

/** Where a chainlet process is in its life. */
export type Phase = "starting" | "ready" | "draining";

export interface Health {
  readonly ok: boolean;
  /** Why not, for whoever reads the answer of a probe. */
  readonly reason?: string;
}

interface MayCheck {
  isHealthy?(): unknown;
}

/** Whether a chainlet can serve: constructed, not shutting down, and healthy in its own opinion. */
export class Readiness {
  readonly #name: string;
  readonly #logger: Logger;
  #phase: Phase = "starting";
  #chainlet: MayCheck | undefined;
  #running: Promise<Health> | undefined;

  constructor(name: string, logger: Logger) {
    this.#name = name;
    this.#logger = logger;
  }

  get phase(): Phase {
    return this.#phase;
  }

  ready(chainlet: object): void {
    this.#chainlet = chainlet;
    this.#phase = "ready";
  }

  draining(): void {
    this.#phase = "draining";
  }

  /** Probes that come while a check runs share its result, so that a slow check is not piled up. */
  async check(): Promise<Health> {
    if (this.#phase === "starting") return { ok: false, reason: `${this.#name} is starting.` };
    if (this.#phase === "draining") return { ok: false, reason: `${this.#name} is shutting down.` };
    this.#running ??= this.#ask().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #ask(): Promise<Health> {
    if (!this.#chainlet?.isHealthy) return { ok: true };
    try {
      if ((await this.#chainlet.isHealthy()) === true) return { ok: true };
      return { ok: false, reason: `${this.#name}.isHealthy() did not return true.` };
    } catch (error) {
      // The error may hold anything, and probes are not authorised: its text stays in the log.
      this.#logger.log("error", `${this.#name}.isHealthy() threw.`, { err: error });
      return { ok: false, reason: `${this.#name}.isHealthy() threw.` };
    }
  }
}
