import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseConfig, type TrussConfig } from "@truss-chains/config";
import { ChainsError, type Problem } from "@truss-chains/errors";
import { placeText } from "../output/place-text.ts";
import { readBytes } from "../read-text.ts";
import type { CheckResult } from "./check.ts";
import { problemsOf } from "./problems-of.ts";

/**
 * Checks a config.yaml, or the one of a truss directory. For a directory, what the config names has to exist too.
 *
 * @throws ChainsError `CONFIG_NOT_FOUND`, `FILE_NOT_READABLE`.
 */
export async function checkTruss(path: string): Promise<CheckResult> {
  const isDirectory = (await stat(resolve(path)).catch(() => undefined))?.isDirectory() === true;
  const file = isDirectory ? join(resolve(path), "config.yaml") : resolve(path);
  const subject = placeText({ file });
  const bytes = await readBytes(file).catch((thrown: ChainsError) => {
    if ((thrown.cause as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
    throw new ChainsError("CONFIG_NOT_FOUND", `${subject} does not exist.`, {
      fix: "Name a config.yaml, a directory that holds one, or a chain's TypeScript file.",
      location: { file },
    });
  });
  try {
    const { config, warnings } = parseConfig(bytes, { file });
    const missing = isDirectory ? await missingFiles(config, file) : [];
    return { subject, problems: [...warnings, ...missing] };
  } catch (thrown) {
    if (!(thrown instanceof ChainsError)) throw thrown;
    return { subject, problems: problemsOf(thrown) };
  }
}

/** Files and directories that the config names and that are not there. */
async function missingFiles(config: TrussConfig, file: string): Promise<Problem[]> {
  const named: [string, string][] = [];
  if (config.requirements_file) named.push(["requirements_file", config.requirements_file]);
  for (const directory of config.external_package_dirs) named.push(["external_package_dirs", directory]);
  const isPython = !config.docker_server && !config.trt_llm && !config.bis_llm;
  if (isPython)
    named.push(["model_class_filename", join(config.model_module_dir, config.model_class_filename)]);
  const checks = named.map(async ([key, path]): Promise<Problem[]> => {
    const exists = await stat(resolve(dirname(file), path)).then(
      () => true,
      () => false,
    );
    if (exists) return [];
    return [
      {
        code: "FILE_NOT_FOUND",
        severity: "error",
        message: `${key} names ${path}, which does not exist.`,
        fix: "Correct the path; it is relative to the config.",
        location: { file, path: [key] },
      },
    ];
  });
  return (await Promise.all(checks)).flat();
}
