// Validates all the configs of a folder once, as a process of its own.
import { readdirSync, readFileSync } from "node:fs";
import { parseConfig } from "@truss-chains/config";
import { ChainsError } from "@truss-chains/errors";

const [folder] = process.argv.slice(2);
for (const name of readdirSync(folder)) {
  if (!name.endsWith(".yaml")) continue;
  try {
    parseConfig(readFileSync(`${folder}${name}`, "utf8"), { file: name });
  } catch (error) {
    if (!(error instanceof ChainsError)) throw error;
  }
}
