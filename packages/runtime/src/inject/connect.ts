import { ChainsError } from "@truss-chains/errors";
import { createHttpTransport, type Transport } from "@truss-chains/rpc";
import { apiKey, type ServiceAddress } from "./deployment-context.ts";
import type { SecretLookup } from "./secrets.ts";

/**
 * Connects to what is deployed elsewhere. The address inside the platform comes first: it saves the way through the
 * public gateway.
 *
 * @param chainlet who connects, for messages
 * @throws ChainsError `API_KEY_MISSING`, or `DEPENDENCY_NOT_CONFIGURED` when the address is none.
 */
export function connect(
  chainlet: string,
  { internalUrl, predictUrl }: ServiceAddress,
  secrets: SecretLookup,
): Transport {
  const key = apiKey(chainlet, secrets);
  if (internalUrl)
    return createHttpTransport({ url: internalUrl.url, hostHeader: internalUrl.hostname, apiKey: key });
  if (predictUrl !== undefined) return createHttpTransport({ url: predictUrl, apiKey: key });
  throw new ChainsError("DEPENDENCY_NOT_CONFIGURED", `${chainlet} has a dependency without an address.`);
}
