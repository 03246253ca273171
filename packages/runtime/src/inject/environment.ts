import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The environment that the chain runs in, from the mounted file `environment` (`{"name":"production"}`); undefined
 * outside of one. Read anew each time: a promotion moves a running chain to another environment.
 */
export function readEnvironment(dynamicConfigDir: string): { readonly name: string } | undefined {
  let text: string;
  try {
    text = readFileSync(join(dynamicConfigDir, "environment"), "utf8");
  } catch {
    return undefined;
  }
  return parseEnvironment(text);
}

function parseEnvironment(text: string): { readonly name: string } | undefined {
  try {
    const { name } = JSON.parse(text) as { name?: unknown };
    return typeof name === "string" ? { name } : undefined;
  } catch {
    // Empty for a deployment without an environment; half written while the platform replaces it.
    return undefined;
  }
}
