import type { ServiceDescriptor } from "@truss-chains/core";
import { addressOf, createHttpTransport, type Transport } from "@truss-chains/rpc";
import { apiKey } from "./deployment-context.ts";
import type { SecretLookup } from "./secrets.ts";

/**
 * Connects a chainlet to one that is deployed elsewhere.
 *
 * @param chainlet who connects, for messages
 * @throws ChainsError `API_KEY_MISSING`, or `DEPENDENCY_NOT_CONFIGURED` when the address is none.
 */
export function connect(chainlet: string, service: ServiceDescriptor, secrets: SecretLookup): Transport {
  return createHttpTransport({ ...addressOf(service), apiKey: apiKey(chainlet, secrets) });
}
