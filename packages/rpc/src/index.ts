export { currentRequestScope, type RequestScope, runInRequestScope } from "./request-scope.ts";
export type { Transport, WireHandler, WireRequest, WireResponse } from "./transport.ts";
