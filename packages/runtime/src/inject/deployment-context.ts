import { normalize } from "node:path";
import { inspect } from "node:util";
import type { ChainletDescriptor, DeploymentContext, ServiceDescriptor } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { type DynamicChainletConfig, serviceDescriptor } from "@truss-chains/rpc";
import { SECRET_PLACEHOLDER, type SecretLookup, secretsOf } from "./secrets.ts";

/** The secret that authorises calls between the chainlets of a chain. */
const API_KEY_SECRET = "baseten_chain_api_key";

/** What a `DeploymentContext` is made of. */
export interface ContextSources {
  readonly secrets: SecretLookup;
  /** Names that may be read. */
  readonly declaredSecrets: readonly string[];
  readonly dataDir: string | undefined;
  readonly environment: () => { readonly name: string } | undefined;
  /**
   * Where the other chainlets are.
   *
   * @throws ChainsError `DEPENDENCY_NOT_CONFIGURED` when nobody said.
   */
  readonly services: () => DynamicChainletConfig;
  /** Mount locations of the chainlet's weights. */
  readonly weights: readonly string[];
  readonly mountedAt: (mountLocation: string) => string;
}

export function createDeploymentContext(
  chainlet: ChainletDescriptor,
  sources: ContextSources,
): DeploymentContext {
  const secrets = secretsOf(chainlet.name, sources.declaredSecrets, sources.secrets);
  const context: DeploymentContext = {
    secrets,
    dataDir: sources.dataDir,
    get environment() {
      return sources.environment();
    },
    getServiceDescriptor: (className) => dependencyDescriptor(chainlet, className, sources.services),
    getBasetenApiKey: () => apiKey(chainlet.name, sources.secrets),
    resolveMount: (mountLocation) => mountPath(chainlet.name, mountLocation, sources),
  };
  const summary = () => `DeploymentContext of ${chainlet.name}`;
  return Object.freeze(Object.defineProperty(context, inspect.custom, { value: summary }));
}

function dependencyDescriptor(
  chainlet: ChainletDescriptor,
  className: string,
  services: ContextSources["services"],
): ServiceDescriptor {
  const dependencies = chainlet.parameters.flatMap((parameter) =>
    parameter.kind === "dependency" ? [parameter] : [],
  );
  const found = dependencies.find(({ dependency }) => dependency.name === className);
  if (!found) {
    const names = dependencies.map(({ dependency }) => dependency.name);
    throw new ChainsError(
      "DEPENDENCY_NOT_CONFIGURED",
      `${chainlet.name} has no dependency of class "${className}". ${names.length > 0 ? `It has ${names.join(", ")}.` : "It has none."}`,
      {
        fix: "Name the class of a chainlet that its constructor depends on.",
        location: { className: chainlet.name },
      },
    );
  }
  return serviceDescriptor(found.dependency, found.options, services());
}

/** The key is not a declared secret of the user's, so it is looked up apart from them. */
export function apiKey(chainlet: string, lookup: SecretLookup): string {
  const value = lookup(API_KEY_SECRET);
  if (value !== undefined && value !== "" && value !== SECRET_PLACEHOLDER) return value;
  throw new ChainsError(
    "API_KEY_MISSING",
    `The platform gave ${chainlet} no key for calls to other chainlets.`,
    {
      fix: `It is the secret "${API_KEY_SECRET}". On Baseten, create an API key named baseten-chain-api-key; elsewhere, mount the secret.`,
      location: { className: chainlet },
    },
  );
}

function mountPath(chainlet: string, mountLocation: string, sources: ContextSources): string {
  const wanted = normalize(`${mountLocation}/`);
  if (sources.weights.some((mount) => wanted.startsWith(normalize(`${mount}/`)))) {
    return sources.mountedAt(wanted.slice(0, -1));
  }
  const known = sources.weights.length > 0 ? `It mounts ${sources.weights.join(", ")}.` : "It mounts none.";
  throw new ChainsError(
    "WEIGHTS_MOUNT_UNKNOWN",
    `${chainlet} mounts no weights at "${mountLocation}". ${known}`,
    {
      fix: "Use the mountLocation of one of its assets.weights.",
      location: { className: chainlet },
    },
  );
}
