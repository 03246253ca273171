import type { ChainGraph, ChainNode, ForeignNode } from "@truss-chains/core";
import { quote, split } from "shlex";
import { chainsMetadata } from "./chains-metadata.ts";
import { assetsConfig, defined } from "./plain-assets.ts";
import { API_KEY_SECRET, SERVER } from "./server-layout.ts";

/** The config of a chainlet whose server we bundled. `packageCommands` install what stays outside of the bundle. */
export function codeConfig(
  node: ChainNode,
  graph: ChainGraph,
  packageCommands: readonly string[],
): Record<string, unknown> {
  const { dockerImage, assets, options, buildCommands } = node.remoteConfig;
  return {
    ...commonConfig(node),
    base_image: baseImage(dockerImage.baseImage ?? { image: SERVER.image }),
    docker_server: {
      start_command: SERVER.startCommand,
      server_port: SERVER.port,
      predict_endpoint: SERVER.endpoints.predict,
      readiness_endpoint: SERVER.endpoints.readiness,
      liveness_endpoint: SERVER.endpoints.liveness,
    },
    model_metadata: { ...options.metadata, chains_metadata: chainsMetadata(node, graph) },
    system_packages: dockerImage.aptRequirements,
    // Last: what comes before may install the Node that the server runs on.
    build_commands: [...packageCommands, ...buildCommands, SERVER.cacheCommand],
    secrets: secrets([...assets.secretKeys, API_KEY_SECRET]),
  };
}

/** The config of a custom server. Its image holds the code, so there is nothing else to emit. */
export function dockerServerConfig(
  node: ChainNode,
  server: Extract<ForeignNode, { kind: "docker_server" }>,
): Record<string, unknown> {
  const { dockerImage, assets, options, buildCommands } = node.remoteConfig;
  return {
    ...commonConfig(node),
    base_image: baseImage(server.baseImage),
    docker_server: defined({
      start_command: withWeightsTransfer(server.startCommand, node),
      server_port: server.serverPort,
      predict_endpoint: server.predictEndpoint,
      readiness_endpoint: server.readinessEndpoint,
      liveness_endpoint: server.livenessEndpoint,
      run_as_user_id: server.runAsUserId,
      no_build: server.noBuild,
    }),
    model_metadata: { ...options.metadata },
    system_packages: dockerImage.aptRequirements,
    build_commands: buildCommands,
    secrets: secrets(assets.secretKeys),
  };
}

/** The config of a TensorRT-LLM engine. */
export function engineBuilderConfig(
  node: ChainNode,
  engine: Extract<ForeignNode, { kind: "engine_builder" }>,
): Record<string, unknown> {
  const { assets, options, buildCommands } = node.remoteConfig;
  return {
    ...commonConfig(node),
    trt_llm: engine.engineBuilderConfig,
    model_metadata: { ...options.metadata },
    build_commands: buildCommands,
    secrets: secrets(assets.secretKeys),
  };
}

function commonConfig(node: ChainNode): Record<string, unknown> {
  const { compute, assets, options } = node.remoteConfig;
  return {
    model_name: node.displayName,
    environment_variables: { ...options.envVariables },
    resources: defined({
      cpu: String(compute.cpuCount),
      memory: compute.memory,
      accelerator: compute.gpu && (compute.gpuCount > 1 ? `${compute.gpu}:${compute.gpuCount}` : compute.gpu),
      instance_type: compute.instanceType,
    }),
    runtime: {
      predict_concurrency: compute.predictConcurrency,
      streaming_read_timeout: options.streamingReadTimeout,
      enable_tracing_data: options.enableB10Tracing,
      enable_debug_logs: options.enableDebugLogs,
      health_checks: healthChecks(node),
      ...(node.endpoint.kind === "websocket" && { transport: websocketTransport(node) }),
    },
    ...assetsConfig(assets),
  };
}

function healthChecks(node: ChainNode): Record<string, unknown> {
  const given = node.remoteConfig.options.healthChecks;
  return defined({
    restart_check_delay_seconds: given.restartCheckDelaySeconds,
    restart_threshold_seconds: given.restartThresholdSeconds,
    stop_traffic_threshold_seconds: given.stopTrafficThresholdSeconds,
    startup_threshold_seconds: given.startupThresholdSeconds,
  });
}

function websocketTransport(node: ChainNode): Record<string, unknown> {
  const { pingIntervalSeconds, pingTimeoutSeconds } = node.remoteConfig.options.transport ?? {};
  return defined({
    kind: "websocket",
    ping_interval_seconds: pingIntervalSeconds,
    ping_timeout_seconds: pingTimeoutSeconds,
  });
}

function baseImage(
  image: Extract<ForeignNode, { kind: "docker_server" }>["baseImage"],
): Record<string, unknown> {
  const { dockerAuth } = image;
  return defined({
    image: image.image,
    python_executable_path: image.pythonExecutablePath,
    docker_auth:
      dockerAuth &&
      defined({
        auth_method: dockerAuth.authMethod,
        registry: dockerAuth.registry,
        secret_name: dockerAuth.secretName,
        aws_access_key_id_secret_name: dockerAuth.awsAccessKeyIdSecretName,
        aws_secret_access_key_secret_name: dockerAuth.awsSecretAccessKeySecretName,
        aws_oidc_role_arn: dockerAuth.awsOidcRoleArn,
        aws_oidc_region: dockerAuth.awsOidcRegion,
        gcp_oidc_service_account: dockerAuth.gcpOidcServiceAccount,
        gcp_oidc_workload_id_provider: dockerAuth.gcpOidcWorkloadIdProvider,
      }),
  });
}

// The value is a placeholder: the platform mounts the real one, and no secret is ever in an emitted file.
function secrets(names: readonly string[]): Record<string, string> {
  return Object.fromEntries([...new Set(names)].map((name) => [name, "***"]));
}

const TRANSFER = "truss-transfer-cli";

/**
 * A custom server finds its cached weights only if its start command fetches them first. The platform puts the tool
 * into the image; supervisord starts commands without a shell, so joining two takes one.
 */
function withWeightsTransfer(startCommand: string | undefined, node: ChainNode): string | undefined {
  const usesVolume = node.remoteConfig.assets.cached.some((repo) => repo.useVolume);
  if (!usesVolume || startCommand === undefined || startCommand.includes(TRANSFER)) return startCommand;
  const wrapped = /^((?:\/bin\/)?(?:ba)?sh)\s+-c\s+(["'])([\s\S]*)\2$/.exec(startCommand.trim());
  if (wrapped) return `${wrapped[1]} -c ${wrapped[2]}${TRANSFER} && ${wrapped[3]}${wrapped[2]}`;
  // Word by word: what a shell would expand was literal before.
  const script = `${TRANSFER} && exec ${split(startCommand).map(quote).join(" ")}`;
  return `sh -c "${script.replace(/["\\]/g, "\\$&")}"`;
}
