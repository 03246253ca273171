import { ChainsError } from "@truss-chains/errors";
import { unwatchAbort, watchAbort } from "./abort-watch.ts";
import { type Alarm, setAlarm } from "./alarm.ts";
import { type AbortSource, type AbortWatcher, Cancellation } from "./cancellation.ts";

/** What may end a call besides its answer. */
export interface CallLimits {
  /** Class name of the chainlet that is called. */
  readonly dependency: string;
  /** Of the request being served, and of the call's own options. */
  readonly signals: readonly (AbortSignal | Cancellation)[];
  /** When the whole call has to be over, in milliseconds since the epoch, and why. */
  readonly deadline: { readonly at: number; readonly exceeded: () => ChainsError } | undefined;
}

/**
 * One cancellation for all that may end a phase of a call: cheaper than `AbortSignal.any` and `AbortSignal.timeout`,
 * which together cost more than the rest of a call. `close` has to be called at the end of the phase.
 */
export class Phase extends Cancellation implements AbortWatcher {
  readonly #limits: CallLimits;
  readonly #alarm: Alarm | undefined;

  /** @param phase how long this phase may take, and what to raise when it takes longer. */
  constructor(limits: CallLimits, phase?: { readonly ms: number; readonly exceeded: () => ChainsError }) {
    super();
    this.#limits = limits;
    const { deadline } = limits;
    const left = deadline ? deadline.at - Date.now() : Number.POSITIVE_INFINITY;
    const first = phase && phase.ms <= left ? phase : deadline && { ms: left, exceeded: deadline.exceeded };
    if (first) this.#alarm = setAlarm(first.ms, () => this.abort(first.exceeded()));
    for (const signal of limits.signals) {
      if (signal.aborted) this.abort(aborted(limits.dependency, signal));
      else watchAbort(signal, this);
    }
  }

  onAbort(source: AbortSource): void {
    this.abort(aborted(this.#limits.dependency, source));
  }

  close(): void {
    this.#alarm?.cancel();
    for (const signal of this.#limits.signals) unwatchAbort(signal, this);
  }
}

/** @throws ChainsError when the call is over before it began. */
export function checkLimits({ signals, deadline, dependency }: CallLimits): void {
  for (const signal of signals) if (signal.aborted) throw aborted(dependency, signal);
  if (deadline && deadline.at <= Date.now()) throw deadline.exceeded();
}

/** The error of a call whose signal fired. The reason says more, when it is one of ours. */
function aborted(dependency: string, { reason }: AbortSource): ChainsError {
  if (reason instanceof ChainsError) return reason;
  return new ChainsError("CALL_ABORTED", `The call to ${dependency} was aborted.`, { cause: reason });
}
