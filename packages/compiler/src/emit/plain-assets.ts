import type { ModelRepo, PlainRemoteConfig, WeightsSource } from "@truss-chains/core";

type Assets = PlainRemoteConfig["assets"];

// The one place where the authoring classes' camelCase becomes config.yaml's snake_case.

/** The keys of config.yaml that assets decide. */
export function assetsConfig(assets: Assets): Record<string, unknown> {
  return {
    ...(assets.cached.length > 0 && { model_cache: assets.cached.map(modelRepo) }),
    ...(assets.weights.length > 0 && { weights: assets.weights.map(weightsSource) }),
    ...(assets.externalData.length > 0 && {
      external_data: assets.externalData.map(({ url, localDataPath, name }) =>
        defined({ url, local_data_path: localDataPath, name }),
      ),
    }),
  };
}

function modelRepo(repo: ModelRepo): Record<string, unknown> {
  return defined({
    repo_id: repo.repoId,
    revision: repo.revision === "" ? undefined : repo.revision,
    use_volume: repo.useVolume,
    volume_folder: repo.volumeFolder,
    allow_patterns: repo.allowPatterns,
    ignore_patterns: repo.ignorePatterns,
    kind: repo.kind,
    runtime_secret_name: repo.runtimeSecretName,
  });
}

function weightsSource(source: WeightsSource): Record<string, unknown> {
  const { auth } = source;
  return defined({
    source: source.source,
    mount_location: source.mountLocation,
    auth:
      auth &&
      defined({
        auth_method: auth.authMethod,
        auth_secret_name: auth.authSecretName,
        aws_oidc_role_arn: auth.awsOidcRoleArn,
        aws_oidc_region: auth.awsOidcRegion,
        gcp_oidc_service_account: auth.gcpOidcServiceAccount,
        gcp_oidc_workload_id_provider: auth.gcpOidcWorkloadIdProvider,
      }),
    auth_secret_name: source.authSecretName,
    allow_patterns: source.allowPatterns,
    ignore_patterns: source.ignorePatterns,
  });
}

/** Without the members that are undefined. */
export function defined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
