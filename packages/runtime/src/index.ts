export type { ServeConfig, ServeOptions } from "./lifecycle/serve-options.ts";
