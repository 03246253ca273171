import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { discoverChain } from "../../packages/compiler/dist/discover/discover.js";
import { buildChain } from "../../packages/compiler/dist/index.js";
import { startServer } from "./processes.mjs";

const SOURCE = fileURLToPath(new URL("chain.ts", import.meta.url));
const ROUTE = "/predict";

/**
 * Builds the chain of this folder into a directory and starts all its servers, which need the directory for as long as
 * they run. Resolves with what runs a load in the caller's process and gives its figure.
 */
export async function startChain(directory) {
  const { trussDirectories } = await buildChain(await discoverChain(SOURCE), join(directory, "out"));
  await writeFile(join(directory, "baseten_chain_api_key"), "key");
  const serve = async (name) => {
    const file = join(trussDirectories[name], "data/server.mjs");
    const port = await startServer(process.execPath, file, [], {
      CHAINS_HOST: "127.0.0.1",
      CHAINS_SECRETS_DIR: directory,
      CHAINS_DYNAMIC_CONFIG_DIR: directory,
    });
    // It listens before it is ready to be called.
    while (!(await fetch(`http://127.0.0.1:${port}/ready`)).ok)
      await new Promise((resolve) => setTimeout(resolve, 20));
    return `http://127.0.0.1:${port}${ROUTE}`;
  };
  const config = {};
  for (const name of Object.keys(trussDirectories).filter((name) => name !== "Caller"))
    config[name] = { predict_url: await serve(name) };
  await writeFile(join(directory, "dynamic_chainlet_config"), JSON.stringify(config));
  const caller = await serve("Caller");
  return async (load) => {
    const response = await fetch(caller, { method: "POST", body: JSON.stringify(load) });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
}
