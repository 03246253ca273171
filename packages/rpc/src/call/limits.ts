import { ChainsError } from "@truss-chains/errors";
import { type AbortWatcher, unwatchAbort, watchAbort } from "./abort-watch.ts";

/** Node fires a longer timer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What may end a call besides its answer. */
export interface CallLimits {
  /** Class name of the chainlet that is called. */
  readonly dependency: string;
  /** Of the request being served, and of the call's own options. */
  readonly signals: readonly AbortSignal[];
  /** When the whole call has to be over, in milliseconds since the epoch, and why. */
  readonly deadline: { readonly at: number; readonly exceeded: () => ChainsError } | undefined;
}

/**
 * One signal for all that may end a phase of a call: cheaper than `AbortSignal.any` and `AbortSignal.timeout`, which
 * together cost more than the rest of a call. `close` has to be called at the end of the phase.
 */
export class PhaseSignal implements AbortWatcher {
  readonly #limits: CallLimits;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;

  /** @param phase how long this phase may take, and what to raise when it takes longer. */
  constructor(limits: CallLimits, phase?: { readonly ms: number; readonly exceeded: () => ChainsError }) {
    this.#limits = limits;
    const { deadline } = limits;
    const left = deadline ? deadline.at - Date.now() : Number.POSITIVE_INFINITY;
    const first = phase && phase.ms <= left ? phase : deadline && { ms: left, exceeded: deadline.exceeded };
    if (first && first.ms <= LONGEST_TIMER_MS) {
      this.#timer = setTimeout(() => this.#controller.abort(first.exceeded()), Math.max(0, first.ms));
    }
    for (const signal of limits.signals) {
      if (signal.aborted) this.#controller.abort(aborted(limits.dependency, signal));
      else watchAbort(signal, this);
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  onAbort(signal: AbortSignal): void {
    this.#controller.abort(aborted(this.#limits.dependency, signal));
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const signal of this.#limits.signals) unwatchAbort(signal, this);
  }
}

/** @throws ChainsError when the call is over before it began. */
export function checkLimits({ signals, deadline, dependency }: CallLimits): void {
  for (const signal of signals) if (signal.aborted) throw aborted(dependency, signal);
  if (deadline && deadline.at <= Date.now()) throw deadline.exceeded();
}

/** The error of a call whose signal fired. The reason says more, when it is one of ours. */
function aborted(dependency: string, signal: AbortSignal): ChainsError {
  const { reason } = signal;
  if (reason instanceof ChainsError) return reason;
  return new ChainsError("CALL_ABORTED", `The call to ${dependency} was aborted.`, { cause: reason });
}
