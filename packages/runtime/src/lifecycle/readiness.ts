import type { Logger } from "../logs/logger.ts";
import type { Health, HealthCheck } from "./health-check.ts";
import { inTime } from "./in-time.ts";

/** Where a chainlet process is in its life. */
export type Phase = "starting" | "ready" | "draining";

/** How long a health check may take. */
const LIMIT_MS = 10_000;

/** Whether a chainlet can serve: constructed, not shutting down, and healthy in its own opinion. */
export class Readiness {
  readonly #name: string;
  readonly #logger: Logger;
  readonly #limitMs: number;
  #phase: Phase = "starting";
  #check: HealthCheck = async () => ({ ok: true });
  #running: Promise<Health> | undefined;

  constructor(name: string, logger: Logger, limitMs = LIMIT_MS) {
    this.#name = name;
    this.#logger = logger;
    this.#limitMs = limitMs;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** From now on, `check` is asked. */
  ready(check: HealthCheck): void {
    this.#check = check;
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
    const health = await inTime(this.#check(), this.#limitMs);
    if (health) return health;
    const reason = `${this.#name}.isHealthy() did not answer for ${this.#limitMs / 1000} seconds.`;
    this.#logger.log("error", reason);
    return { ok: false, reason };
  }
}
