import { dirname } from "node:path";
import type { ChainNode } from "@truss-chains/core";
import { exactRange, type InstalledPackage } from "./installed-package.ts";
import { installedRequirement } from "./installed-requirement.ts";
import { lockPackages } from "./lock.ts";
import { UserLockfile } from "./user-lockfile.ts";

/** What installs the packages that a bundle leaves outside: files for the data directory, and commands for the image. */
export interface InstallPlan {
  readonly files: Readonly<Record<string, string>>;
  readonly commands: readonly string[];
}

const NOTHING: InstallPlan = { files: {}, commands: [] };
const INSTALL = "npm ci --prefix /app/data --omit=dev --no-audit --no-fund";

/** @throws ChainsError `PACKAGE_VERSION_UNKNOWN` for a requirement that is not installed here in that version. */
export async function planInstall(
  node: ChainNode,
  imported: ReadonlyMap<string, InstalledPackage>,
  source: string,
): Promise<InstallPlan> {
  const from = dirname(source);
  const packages = new Map(imported);
  for (const requirement of node.remoteConfig.dockerImage.npmRequirements) {
    const installed = await installedRequirement(requirement, from, node);
    packages.set(installed.name, installed);
  }
  if (packages.size === 0) return NOTHING;
  const roots = [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const dependencies = Object.fromEntries(roots.map((root) => [root.name, exactRange(root)]));
  const locked = await lockPackages(roots, await UserLockfile.find(from));
  const root = { name: "chainlet", version: "0.0.0", private: true, dependencies };
  const lock = {
    name: root.name,
    version: root.version,
    lockfileVersion: 3,
    requires: true,
    packages: { "": { name: root.name, version: root.version, dependencies }, ...locked },
  };
  return {
    files: { "package.json": toText({ ...root, type: "module" }), "package-lock.json": toText(lock) },
    commands: [INSTALL],
  };
}

const toText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
