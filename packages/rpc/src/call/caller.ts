import type { ResolvedRPCOptions } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { fromErrorResponse } from "../errors/error-response.ts";
import { readWhole, type Transport, type WireResponse } from "../transport.ts";
import { CancellableRequest } from "./cancellable-request.ts";
import { DEADLINE_HEADER } from "./headers.ts";
import { Limiter } from "./limiter.ts";
import { type CallLimits, checkLimits, Phase } from "./limits.ts";
import type { CallObserver } from "./observer.ts";
import { ofDependency } from "./of-dependency.ts";
import { redirected } from "./redirected.ts";
import { RetryBudget } from "./retry-budget.ts";
import { retryDelayMs } from "./retry-delay.ts";
import { sleep } from "./sleep.ts";
import { callTimeout } from "./timeout.ts";

/** A call that is ready to go out, as often as it takes. */
export interface OutgoingCall {
  /** Lower-case names. Each attempt puts its own deadline in. */
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | string;
  readonly limits: CallLimits;
  /** The whole answer is wanted at once; else it is read as it comes. */
  readonly whole: boolean;
}

/** An answer that is no error. It keeps its slot until `finish` is called. */
export interface OpenCall {
  readonly response: WireResponse;
  finish(): void;
}

export interface CallerOptions {
  /** Class name of the dependency. */
  readonly name: string;
  readonly transport: Transport;
  readonly options: ResolvedRPCOptions;
  readonly observer: CallObserver;
}

/** Calls one dependency, within all the limits that its options set. */
export class Caller {
  readonly #name: string;
  readonly #transport: Transport;
  readonly #observer: CallObserver;
  readonly #attempts: number;
  readonly #attemptLimit: { readonly ms: number; readonly exceeded: () => ChainsError };
  readonly #limiter: Limiter;
  readonly #budget = new RetryBudget();

  constructor({ name, transport, options, observer }: CallerOptions) {
    this.#name = name;
    this.#transport = transport;
    this.#observer = observer;
    this.#attempts = options.retries;
    this.#attemptLimit = {
      ms: options.timeoutSec * 1000,
      exceeded: () => callTimeout(name, `${options.timeoutSec} seconds limit`),
    };
    this.#limiter = new Limiter(options.concurrencyLimit);
  }

  /**
   * Sends the call, and again while that makes sense, until an answer has come that is no error.
   *
   * @throws ChainsError the error of the last attempt: what the callee answered, `CONNECTION_FAILED`, `CALL_TIMEOUT`,
   * `DEADLINE_EXCEEDED` or `CALL_ABORTED`; `RESPONSE_INVALID` for a redirect.
   */
  open(call: OutgoingCall): Promise<OpenCall> {
    return this.#attempts > 1 ? this.#openWithRetries(call) : this.#attempt(call);
  }

  async #openWithRetries(call: OutgoingCall): Promise<OpenCall> {
    for (let attempt = 1; ; attempt++) {
      const retryAfter: RetryAfter = { value: undefined };
      try {
        const open = await this.#attempt(call, retryAfter);
        this.#budget.onSuccess();
        return open;
      } catch (error) {
        if (attempt >= this.#attempts) throw error;
        const delayMs = retryDelayMs({ error, attempt, retryAfter: retryAfter.value });
        if (delayMs === undefined || !fitsDeadline(call.limits, delayMs) || !this.#budget.tryTake())
          throw error;
        this.#observer.retrying(attempt, delayMs, error);
        await pause(delayMs, call.limits);
      }
    }
  }

  async #attempt(call: OutgoingCall, retryAfter?: RetryAfter): Promise<OpenCall> {
    checkLimits(call.limits);
    this.#observer.queued();
    const waitedMs = this.#limiter.tryEnter() ? 0 : await this.#waitForTurn(call.limits);
    const turn = new Turn(this.#limiter, this.#observer, new Phase(call.limits, this.#attemptLimit));
    try {
      this.#observer.started(waitedMs);
      call.headers[DEADLINE_HEADER] = this.#remainingMs(call.limits);
      const response = await this.#transport.call(
        new CancellableRequest(call.headers, call.body, turn.phase, call),
      );
      turn.response = response;
      if (response.status < 300) {
        if (call.whole && !response.bytes) turn.response = { ...response, bytes: await readWhole(response) };
        return turn as OpenCall;
      }
      if (retryAfter) retryAfter.value = response.headers["retry-after"];
      throw await this.#refusal(call, response);
    } catch (error) {
      const why = turn.phase.aborted ? turn.phase.reason : error;
      turn.finish();
      const isOurs = why instanceof ChainsError && !call.limits.signals.some(({ reason }) => reason === why);
      throw isOurs ? ofDependency(why, this.#name) : why;
    }
  }

  async #refusal({ headers }: OutgoingCall, response: WireResponse): Promise<ChainsError> {
    const { status } = response;
    const body = await readWhole(response);
    if (status < 400) return redirected(this.#name, status, response.headers.location);
    const traceparent = headers.traceparent ?? "";
    return fromErrorResponse({ dependency: this.#name, status, body, traceparent });
  }

  async #waitForTurn(limits: CallLimits): Promise<number> {
    const since = performance.now();
    const phase = new Phase(limits);
    try {
      await this.#limiter.enter(phase.signal);
    } catch (error) {
      this.#observer.abandoned();
      throw error;
    } finally {
      phase.close();
    }
    return performance.now() - since;
  }

  #remainingMs({ deadline }: CallLimits): string {
    const whole = deadline ? deadline.at - Date.now() : Number.POSITIVE_INFINITY;
    return String(Math.max(1, Math.round(Math.min(whole, this.#attemptLimit.ms))));
  }
}

interface RetryAfter {
  value: string | undefined;
}

/** The time that one attempt holds a slot. */
class Turn {
  /** Undefined until an answer came. */
  response: WireResponse | undefined;
  readonly #limiter: Limiter;
  readonly #observer: CallObserver;
  readonly phase: Phase;
  readonly #since = performance.now();
  #finished = false;

  constructor(limiter: Limiter, observer: CallObserver, phase: Phase) {
    this.#limiter = limiter;
    this.#observer = observer;
    this.phase = phase;
  }

  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.phase.close();
    this.#limiter.leave();
    this.#observer.finished({ durationMs: performance.now() - this.#since });
  }
}

async function pause(ms: number, limits: CallLimits): Promise<void> {
  const phase = new Phase(limits);
  try {
    await sleep(ms, phase.signal);
  } finally {
    phase.close();
  }
}

/** Whether anything could come of an attempt after a pause. */
function fitsDeadline({ deadline }: CallLimits, delayMs: number): boolean {
  return !deadline || Date.now() + delayMs < deadline.at;
}
