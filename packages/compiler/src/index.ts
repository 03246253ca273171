export {
  type BuildOptions,
  type BuildProgress,
  type BuiltChain,
  buildChain,
  type TrussDraft,
} from "./build-chain.ts";
export type { ClassOrigin, DiscoveredChain } from "./discover/discovered-chain.ts";
export { type ImportedChain, importChain } from "./discover/import-chain.ts";
export type { ChainManifest } from "./emit/chain-manifest.ts";
export { checkFiles } from "./emit/check-files.ts";
export { dataDirectory, dataFiles } from "./emit/data-files.ts";
export { DEFAULT_IGNORES } from "./emit/default-ignores.ts";
export { trussDirectory } from "./emit/emit-truss.ts";
export { listTree } from "./emit/list-tree.ts";
export { assetsConfig } from "./emit/plain-assets.ts";
export { API_KEY_SECRET, SERVER } from "./emit/server-layout.ts";
export { migrateSource, type SourceMigration } from "./migrate/migrate-source.ts";
