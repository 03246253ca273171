export type { ChainletState, CrashReport } from "./chainlet-process.ts";
export { type DevOptions, type DevReporter, DevSession } from "./dev-session.ts";
export { readSecrets, type SecretOptions } from "./secrets.ts";
