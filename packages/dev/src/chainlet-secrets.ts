import { API_KEY_SECRET } from "@truss-chains/compiler";
import type { ChainNode } from "@truss-chains/core";

/** The values of the secrets that a chainlet may read: those that it names, and the key for calls to others. */
export function chainletSecrets(
  node: ChainNode,
  secrets: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = node.remoteConfig.assets.secretKeys.filter((name) => name in secrets);
  // Stubs want a key to send; the local servers do not look at it, but what runs elsewhere may.
  const key = secrets[API_KEY_SECRET] ?? "local";
  return { [API_KEY_SECRET]: key, ...Object.fromEntries(own.map((name) => [name, secrets[name]!])) };
}
