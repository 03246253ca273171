import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { manifestPaths } from "../manifest/locations.ts";
import { readSettings } from "../settings.ts";
import { runInBackground } from "./background.ts";
import { LazyDataResolver, type ResolverLog } from "./lazy-data-resolver.ts";

export interface StartResolverOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly log?: ResolverLog;
}

/**
 * Starts fetching what the manifests of this machine name, in a thread of its own. Call it first thing in a process,
 * before its modules load. Without a manifest it costs nothing.
 */
export function startResolver({
  env = process.env,
  log = silent,
}: StartResolverOptions = {}): LazyDataResolver {
  const settings = readSettings(env);
  const needed = manifestPaths(settings.manifestRoot).some((path) => existsSync(path));
  // Plain data crosses to the thread; the environment of a process is not quite that.
  const task = { role: "resolver", settings, env: { ...env } } as const;
  return new LazyDataResolver({
    start: needed ? (onEvent) => runInBackground(task, onEvent) : null,
    // Absolute: whoever reads the files may have changed the working directory by then.
    root: resolve(settings.weightsRoot),
    log,
  });
}

const silent: ResolverLog = { info: () => {}, warn: () => {}, error: () => {} };
