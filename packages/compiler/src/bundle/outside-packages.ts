import { relative } from "node:path";
import type { ChainNode } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { exactRange, type InstalledPackage, packageOfFile } from "../packages/installed-package.ts";
import type { LinkedModule } from "./link-chain.ts";

interface Use {
  readonly found: InstalledPackage;
  /** Path of a file that imports it. */
  readonly importer: string;
}

/**
 * The packages that a server's modules import from outside of the bundle, by name. In the image they are all installed
 * beside the one file of the server, where a name means one package.
 *
 * @throws ChainsError `PACKAGE_VERSIONS_DIFFER` when the modules mean several.
 */
export async function outsidePackages(
  modules: readonly LinkedModule[],
  node: ChainNode,
  root: string,
): Promise<ReadonlyMap<string, InstalledPackage>> {
  const uses = new Map<string, Use>();
  for (const { file: importer, outside } of modules) {
    for (const found of outside) {
      const first = uses.get(found.name);
      if (first && exactRange(first.found) !== exactRange(found)) {
        throw await versionsDiffer([first, { found, importer }], node, root);
      }
      if (!first) uses.set(found.name, { found, importer });
    }
  }
  return new Map([...uses].map(([name, { found }]) => [name, found]));
}

async function versionsDiffer(uses: readonly Use[], node: ChainNode, root: string): Promise<ChainsError> {
  const { name } = uses[0]!.found;
  const importers = await Promise.all(
    uses.map(async ({ found, importer }) => ({ found, importer, owner: await ownerOf(importer) })),
  );
  const versions = importers.map(
    ({ found, importer, owner }) =>
      `${found.version}, which ${owner === undefined ? relative(root, importer) : `the package ${owner}`} imports`,
  );
  const owner = importers.findLast((use) => use.owner !== undefined)?.owner;
  return new ChainsError(
    "PACKAGE_VERSIONS_DIFFER",
    `${node.name} needs two versions of ${name}: ${versions.join(", and ")}. It cannot be part of a bundle, and only one can be installed beside it.`,
    {
      fix: `Have both use one version (npm dedupe, or overrides in package.json)${owner === undefined ? "" : `, or keep ${owner} outside too, with its own ${name}: dockerImage.externalPackages: ["${owner}"]`}.`,
      location: node.location,
    },
  );
}

/** The installed package that a file is part of; undefined for the user's own files. */
async function ownerOf(file: string): Promise<string | undefined> {
  return /[\\/]node_modules[\\/]/.test(file) ? (await packageOfFile(file))?.name : undefined;
}
