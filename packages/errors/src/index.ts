export { type Blame, type CatalogueEntry, catalogue, type ErrorCode } from "./catalogue/index.ts";
export { ChainsError, type ChainsErrorOptions } from "./chains-error.ts";
export { formatLocation, formatPath, type Location } from "./location.ts";
export type { Problem } from "./problem.ts";
