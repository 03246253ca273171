import { readdir } from "node:fs/promises";
import { dirname, join, parse } from "node:path";
import { readJson } from "./read-json.ts";

/** A package as it is installed. */
export interface InstalledPackage {
  /** What it is imported as: an alias, where it is installed under one. */
  readonly name: string;
  readonly version: string;
  readonly directory: string;
  readonly manifest: PackageManifest;
}

/** The parts of package.json that matter here. */
export interface PackageManifest {
  readonly name?: string;
  readonly version?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly gypfile?: boolean;
  readonly binary?: unknown;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { optional?: boolean }>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly bin?: string | Readonly<Record<string, string>>;
}

/** The package that a file belongs to: the nearest package.json with a name and a version. */
export async function packageOfFile(file: string): Promise<InstalledPackage | undefined> {
  for (let directory = dirname(file); directory !== parse(directory).root; directory = dirname(directory)) {
    const manifest = await readManifest(directory);
    if (manifest?.name && manifest.version) {
      return { name: folderName(directory) ?? manifest.name, version: manifest.version, directory, manifest };
    }
  }
  return undefined;
}

/** `@scope/name` of a directory that is right below a node_modules. */
function folderName(directory: string): string | undefined {
  return /[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)$/.exec(directory)?.[1]?.replaceAll("\\", "/");
}

/** How a package.json asks for just this package. */
export function exactRange({ name, version, manifest }: InstalledPackage): string {
  return manifest.name === undefined || manifest.name === name ? version : `npm:${manifest.name}@${version}`;
}

export async function readManifest(directory: string): Promise<PackageManifest | undefined> {
  return readJson<PackageManifest>(join(directory, "package.json"));
}

const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall"];

/**
 * Whether a package holds compiled code for one platform, which cannot be part of a bundle: it says so (`os`, `cpu`,
 * `gypfile`, `binary`), it installs something, it holds a `.node` file, or it picks one of such packages.
 */
export async function isNative({ manifest, directory }: InstalledPackage): Promise<boolean> {
  if (manifest.os || manifest.cpu || manifest.gypfile || manifest.binary) return true;
  if (INSTALL_SCRIPTS.some((script) => manifest.scripts?.[script])) return true;
  if (await holdsAddon(directory)) return true;
  for (const name of Object.keys(manifest.optionalDependencies ?? {})) {
    const optional =
      (await readManifest(join(directory, "node_modules", name))) ??
      (await readManifest(siblingOf(directory, manifest, name)));
    if (optional?.os || optional?.cpu) return true;
  }
  return false;
}

// In a flat tree a package's dependencies stand beside it, and a scoped package stands one level deeper.
function siblingOf(directory: string, manifest: PackageManifest, name: string): string {
  const up = manifest.name?.startsWith("@") ? "../.." : "..";
  return join(directory, up, name);
}

async function holdsAddon(directory: string): Promise<boolean> {
  for (const place of [directory, join(directory, "prebuilds"), join(directory, "build", "Release")]) {
    const names = await readdir(place).catch(() => []);
    if (names.some((name) => name.endsWith(".node"))) return true;
  }
  return (await readdir(join(directory, "prebuilds")).catch(() => [])).length > 0;
}
