// Reads and validates all the configs of a folder, pass after pass, in a process of its own, as validate.py does with
// the real Truss. Prints the milliseconds of each pass after the warm-up as a JSON list. The passes of the warm-up are
// those in which node still compiles; who checks many files, as a language server or CI does, has them behind it.
import { readdirSync, readFileSync } from "node:fs";
import { parseConfig } from "@truss-chains/config";
import { ChainsError } from "@truss-chains/errors";

const [folder, warmUp, passes] = process.argv.slice(2);
const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

function pass() {
  const start = performance.now();
  for (const name of names) {
    try {
      parseConfig(readFileSync(`${folder}${name}`, "utf8"), { file: name });
    } catch (error) {
      if (!(error instanceof ChainsError)) throw error;
    }
  }
  return performance.now() - start;
}

for (let count = 0; count < Number(warmUp); count++) pass();
console.log(JSON.stringify(Array.from({ length: Number(passes) }, pass)));
