import type { ServiceDescriptor } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import type { ServiceAddress } from "../http/create-http-transport.ts";

/**
 * Where the calls of a stub go: to the address inside the platform, where there is one.
 *
 * @throws ChainsError `DEPENDENCY_NOT_CONFIGURED` when there is none at all.
 */
export function addressOf({ name, internalUrl, predictUrl }: ServiceDescriptor): ServiceAddress {
  if (internalUrl) return { url: internalUrl.url, hostHeader: internalUrl.hostname };
  if (predictUrl !== undefined) return { url: predictUrl };
  throw new ChainsError("DEPENDENCY_NOT_CONFIGURED", `There is no address for ${name}.`);
}
