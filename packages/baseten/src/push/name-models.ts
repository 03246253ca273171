import { createHash, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseConfigObject, renderConfig, toDict } from "@truss-chains/config";
import { withEndpoint } from "../deployment/deployed-endpoint.ts";
import type { BuiltChainlet } from "./built-chain.ts";

/** A chainlet with the name that its model has in this push alone. */
export interface NamedChainlet extends BuiltChainlet {
  readonly modelName: string;
  /** Base64 of the JSON of the whole config: what the deployment is made with. */
  readonly encodedConfig: string;
}

/**
 * Gives each chainlet's model a name of its own, the display name and eight hex digits, in what is archived and in what
 * is sent. The name is what a deployment can be recognised by when an answer was lost.
 *
 * @param earlier Names by display name of a push that did not come to its end; they are taken up again.
 */
export async function nameModels(
  chainlets: readonly BuiltChainlet[],
  earlier: Readonly<Record<string, string>>,
): Promise<readonly NamedChainlet[]> {
  return Promise.all(
    chainlets.map(async (chainlet) => {
      const { displayName } = chainlet.node;
      const modelName = earlier[displayName] ?? `${displayName}-${randomBytes(4).toString("hex")}`;
      const dict = toDict(chainlet.config, { verbose: true });
      const model_metadata = withEndpoint(dict.model_metadata, chainlet.node.endpoint);
      const { config } = parseConfigObject({ ...dict, model_name: modelName, model_metadata });
      await writeFile(join(chainlet.directory, "config.yaml"), renderConfig(config, { verbose: true }));
      const json = JSON.stringify(toDict(config, { verbose: true }));
      return { ...chainlet, config, modelName, encodedConfig: Buffer.from(json).toString("base64") };
    }),
  );
}

/** One digest of all that would be deployed, names of models aside. */
export function digestOf(parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest("hex");
}
