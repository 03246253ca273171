export type { ChainletState, CrashReport } from "./chainlet-process.ts";
export type { DevOptions, DevReporter } from "./dev-options.ts";
export { DevSession } from "./dev-session.ts";
export { type ForeignChainlet, foreignAddresses } from "./foreign-addresses.ts";
export { type ProvidedWeights, type ProvideWeightsOptions, provideWeights } from "./provide-weights.ts";
export { readSecrets, type SecretOptions } from "./secrets.ts";
