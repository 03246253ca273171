import { remoteConfigOf } from "../../describe/describe-chainlet.ts";
import { kindOf } from "../../kinds/kind.ts";
import { RemoteConfig } from "../../options/remote-config.ts";
import type { Check } from "./report.ts";

// Each path that a kind cannot honour. A setting that is silently ignored is worse than an error.
const UNSUPPORTED = {
  engine_builder: [
    "dockerImage",
    "assets.cached",
    "assets.externalData",
    "options.healthChecks",
    "options.workerThreads",
  ],
  docker_server: [
    "dockerImage.baseImage",
    "dockerImage.npmRequirements",
    "dockerImage.externalPackages",
    "options.workerThreads",
  ],
  truss: ["dockerImage", "compute", "assets", "options", "buildCommands"],
} as const;

const REASONS = {
  engine_builder: "an engine builder chainlet does not support it",
  docker_server: "the server's image decides it",
  truss: "the config.yaml of its trussDir decides it",
} as const;

/** A chainlet that runs elsewhere only configures what has an effect there. */
export const checkForeignConfig: Check = (cls, report) => {
  const kind = kindOf(cls)?.kind;
  if (!kind) return;
  const given = remoteConfigOf(cls);
  const defaults = new RemoteConfig();
  const ignored = UNSUPPORTED[kind].filter((path) => !sameJson(at(given, path), at(defaults, path)));
  if (ignored.length === 0) return;
  report.error(
    "CHAINLET_OPTIONS_INVALID",
    `${cls.name} sets ${ignored.map((path) => `remoteConfig.${path}`).join(", ")}: ${REASONS[kind]}.`,
    "Leave it at its default.",
  );
};

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce((node, key) => (node as Record<string, unknown> | undefined)?.[key], value);
}

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
