export { type DiscoverOptions, discoverChain } from "./discover/discover.ts";
export type { ClassOrigin, DiscoveredChain } from "./discover/discovered-chain.ts";
