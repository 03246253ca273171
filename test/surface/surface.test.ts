// What others can import from each package, as it is built. A change of a snapshot is a change of the API: accept it
// with `npx vitest run test/surface -u`, and have it reviewed.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { exportsOf } from "./declarations.ts";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

interface Manifest {
  readonly name: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types?: string }>>;
}

function describeSurface(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const commands = Object.keys(manifest.bin ?? {}).map((name) => `- command \`${name}\``);
  const entries = Object.entries(manifest.exports).flatMap(([entry, target]) => {
    const types = typeof target === "string" ? undefined : target.types;
    const heading = `## ${entry.replace(/^\./, manifest.name)}`;
    return types ? [heading, describeEntry(join(folder, types))] : [heading];
  });
  return `${[`# ${manifest.name}`, ...commands, ...entries].join("\n\n")}\n`;
}

function describeEntry(file: string): string {
  const lines = exportsOf(file).map(({ text }) => text);
  return lines.length === 0 ? "exports nothing" : ["```ts", ...lines, "```"].join("\n");
}

test.each(readdirSync(packages))("the public surface of packages/%s is the reviewed one", async (name) => {
  await expect(describeSurface(join(packages, name))).toMatchFileSnapshot(`snapshots/${name}.md`);
});
