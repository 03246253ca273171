import { ChainsError } from "@truss-chains/errors";
import { type Alarm, setAlarm } from "@truss-chains/rpc";

export interface ItemLimits {
  /** Ends the iteration when it aborts. */
  readonly signal: AbortSignal;
  /** Longest time between two items. */
  readonly gapMs: number;
  /** Runs a piece of the generator, in the scope of its request: each `next` comes from somewhere else. */
  readonly run: <T>(piece: () => T) => T;
  /** Names the chainlet in messages. */
  readonly chainlet: string;
}

/**
 * The items of a chainlet's stream, ended at once when their caller goes away, or when the next one takes too long.
 * The chainlet's generator is then told to return, so that its `finally` blocks run.
 *
 * @throws the signal's reason; ChainsError `STREAM_FORMAT` when the gap between two items is too long.
 */
export function limitItems<T>(
  source: AsyncIterable<T>,
  { signal, gapMs, run, chainlet }: ItemLimits,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const items = source[Symbol.asyncIterator]();
      // The name marks where the author's frames end in a stack.
      const serveEndpoint = (): Promise<IteratorResult<T>> => items.next();
      const end = async (): Promise<unknown> => run(() => items.return?.());
      let interrupt: ((error: unknown) => void) | undefined;
      let stopped: { readonly reason: unknown } | undefined;
      let over = false;
      let gap: Alarm | undefined;
      const onAbort = (): void => stop(signal.reason);
      const release = (): void => {
        over = true;
        gap?.cancel();
        signal.removeEventListener("abort", onAbort);
      };
      const stop = (reason: unknown): void => {
        if (over) return;
        release();
        // Queued behind a `next` that still runs; what becomes of it no longer matters to anyone.
        end().catch(() => {});
        interrupt?.(reason);
        stopped = { reason };
      };
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort, { once: true });
      return {
        next: () =>
          new Promise((resolve, reject) => {
            if (stopped) return reject(stopped.reason);
            interrupt = reject;
            // A consumer that takes its time is not the chainlet's fault: only a `next` under way can be too slow.
            gap = setAlarm(gapMs, () => stop(tooSlow(chainlet, gapMs)));
            run(serveEndpoint).then(
              (result) => {
                gap?.cancel();
                interrupt = undefined;
                if (result.done) release();
                resolve(result);
              },
              (error) => {
                release();
                reject(error);
              },
            );
          }),
        async return() {
          if (!over) {
            release();
            await end();
          }
          return { done: true, value: undefined };
        },
      };
    },
  };
}

function tooSlow(chainlet: string, gapMs: number): ChainsError {
  return new ChainsError("STREAM_FORMAT", `${chainlet} yielded no item for ${gapMs / 1000} seconds.`, {
    fix: "Yield more often, or raise streamingReadTimeout in its ChainletOptions.",
    location: { className: chainlet, member: "runRemote" },
  });
}
