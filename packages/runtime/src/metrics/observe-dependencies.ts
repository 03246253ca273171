import type { CallObserver } from "@truss-chains/rpc";
import type { Logger } from "../logs/logger.ts";
import { observeCalls } from "./dependency-calls.ts";
import type { Recorder } from "./meter.ts";
import { warnOfQueue } from "./queue-warnings.ts";

/** What the calls to each dependency are told to: the meter, and the log when they wait or fail. One for each name. */
export function observeDependencies(meter: Recorder, logger: Logger): (dependency: string) => CallObserver {
  const observers = new Map<string, CallObserver>();
  return (dependency) => {
    let observer = observers.get(dependency);
    if (!observer) {
      const counted = observeCalls(dependency, meter, (message, fields) =>
        logger.log("info", message, fields),
      );
      observer = warnOfQueue(dependency, counted, (message, fields) => logger.log("warn", message, fields));
      observers.set(dependency, observer);
    }
    return observer;
  };
}
