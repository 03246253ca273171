export { toWireHandler } from "./handler/answer.ts";
export type { Injector } from "./inject/arguments.ts";
export { connect } from "./inject/connect.ts";
export {
  type ContextSources,
  createDeploymentContext,
} from "./inject/deployment-context.ts";
export { startWeightsFirst } from "./inject/started-weights.ts";
export {
  type BuiltChainlet,
  buildChainlet,
  type Serving,
  serveInstance,
} from "./lifecycle/build-chainlet.ts";
export { mountedAt } from "./lifecycle/mounts.ts";
export { serveChainlet } from "./lifecycle/serve-chainlet.ts";
export type { ServeConfig, ServeOptions } from "./lifecycle/serve-options.ts";
export { Connection } from "./sockets/connection.ts";
export { type InMemorySocket, openInMemory } from "./sockets/in-memory.ts";
export { messageTypes } from "./sockets/messages.ts";
export { wsPort } from "./sockets/ws-port.ts";
