import { setAlarm } from "@truss-chains/rpc";

/** What a promise resolves with; undefined when that takes longer. Any time will do, where Node's timers end at 24 days. */
export function inTime<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const alarm = setAlarm(ms, () => resolve(undefined));
    promise.then(resolve, reject).finally(() => alarm.cancel());
  });
}
