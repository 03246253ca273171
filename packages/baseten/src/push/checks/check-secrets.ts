import { API_KEY_SECRET } from "@truss-chains/compiler";
import type { DockerAuth, TrussConfig } from "@truss-chains/config";
import { ChainsError, type Problem } from "@truss-chains/errors";
import type { Baseten } from "../../api/baseten.ts";
import { listSecretNames } from "../../api/secrets.ts";
import type { BuiltChainlet } from "../built-chain.ts";

/**
 * Secrets that a chainlet names and the account does not have: the deployment would come up without them, or not at
 * all. The key for calls between chainlets is the platform's own.
 *
 * @throws ChainsError `PUSH_IMPOSSIBLE`.
 */
export async function checkSecrets(baseten: Baseten, chainlets: readonly BuiltChainlet[]): Promise<void> {
  const needed = chainlets.map((chainlet) => ({ chainlet, names: secretsOf(chainlet.config) }));
  if (needed.every(({ names }) => names.size === 0)) return;
  const known = await listSecretNames(baseten);
  const problems = needed.flatMap(({ chainlet: { node }, names }) =>
    [...names]
      .filter((name) => !known.has(name))
      .map(
        (name): Problem => ({
          code: "PUSH_IMPOSSIBLE",
          severity: "error",
          message: `${node.name} needs the secret ${name}, which the account does not have.`,
          fix: `Add it at ${baseten.account.remoteUrl}/settings/secrets, or correct its name.`,
          location: node.location,
        }),
      ),
  );
  if (problems.length > 0)
    throw ChainsError.fromProblems(
      "PUSH_IMPOSSIBLE",
      "The account lacks secrets that the chain names:",
      problems,
    );
}

function secretsOf(config: TrussConfig): Set<string> {
  const { base_image, weights, model_cache } = config;
  const names = [
    ...Object.keys(config.secrets),
    ...registrySecretsOf(base_image?.docker_auth),
    ...(weights ?? []).flatMap((source) => [source.auth_secret_name, source.auth?.auth_secret_name]),
    // The default name of a cache entry's secret is filled in for public repositories too, so it asks for nothing.
    ...(model_cache ?? [])
      .map((repo) => repo.runtime_secret_name)
      .filter((name) => name !== DEFAULT_CACHE_SECRET),
  ];
  return new Set(names.filter((name): name is string => Boolean(name) && name !== API_KEY_SECRET));
}

// The names for AWS_IAM are filled in for the other methods too, which ask for nothing by them.
function registrySecretsOf(auth: DockerAuth | null | undefined): readonly (string | null)[] {
  if (!auth) return [];
  const { auth_method, secret_name, aws_access_key_id_secret_name, aws_secret_access_key_secret_name } = auth;
  return auth_method === "AWS_IAM"
    ? [secret_name, aws_access_key_id_secret_name, aws_secret_access_key_secret_name]
    : [secret_name];
}

const DEFAULT_CACHE_SECRET = "hf_access_token";
