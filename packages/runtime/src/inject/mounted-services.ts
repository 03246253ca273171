import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import {
  DYNAMIC_CHAINLET_CONFIG,
  type DynamicChainletConfig,
  parseDynamicChainletConfig,
} from "@truss-chains/rpc";
import { relocate } from "./relocate.ts";

/**
 * Where the other chainlets are, from the platform's mounted file. It is read when it is first asked for, so that a
 * chainlet without dependencies needs none, and only once.
 *
 * @returns throws ChainsError `DEPENDENCY_NOT_CONFIGURED` or `FILE_NOT_READABLE` when called and the file is of no use.
 */
export function mountedServices(dynamicConfigDir: string): () => DynamicChainletConfig {
  const file = join(dynamicConfigDir, DYNAMIC_CHAINLET_CONFIG);
  let config: DynamicChainletConfig | undefined;
  return () => {
    config ??= readServices(file);
    return config;
  };
}

function readServices(file: string): DynamicChainletConfig {
  const text = readText(file);
  try {
    return parseDynamicChainletConfig(text);
  } catch (error) {
    throw error instanceof ChainsError ? relocate(error, { file }) : error;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new ChainsError(
      "FILE_NOT_READABLE",
      `The addresses of the dependencies cannot be read: ${(cause as Error).message}.`,
      {
        fix: "Make the file readable for the user of this process.",
        location: { file },
        cause,
      },
    );
  }
}
