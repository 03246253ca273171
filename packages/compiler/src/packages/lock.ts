import { findInstalled } from "./find-installed.ts";
import type { InstalledPackage } from "./installed-package.ts";
import type { LockEntry, UserLockfile } from "./user-lockfile.ts";

type LockTree = Map<string, LockEntry>;

interface Pending {
  readonly name: string;
  readonly range: string;
  readonly optional: boolean;
  /** Path of the dependant in the lock; empty for the root. */
  readonly parent: string;
  /** Directory of the dependant on this machine. */
  readonly from: string;
  /** Where it is known: what one package finds, another need not. */
  readonly installed?: InstalledPackage;
}

/**
 * The `packages` of a lockfile that holds what is installed here, versions and hashes, plus the variants for other
 * platforms that the project's own lockfile names: the image is built on Linux, wherever this runs. No registry address
 * is written, so that the image uses whatever registry its npm is set to.
 */
export async function lockPackages(
  roots: readonly InstalledPackage[],
  lockfile: UserLockfile,
): Promise<Record<string, LockEntry>> {
  const tree: LockTree = new Map();
  const queue: Pending[] = roots.map((installed) => ({
    name: installed.name,
    range: installed.version,
    optional: false,
    parent: "",
    from: installed.directory,
    installed,
  }));
  for (let next = queue.shift(); next; next = queue.shift()) {
    const installed = next.installed ?? (await findInstalled(next.name, next.from));
    const known = lockfile.entry(next.name, installed?.version ?? exactVersion(next.range));
    const version = installed?.version ?? known?.version ?? exactVersion(next.range);
    if (version === undefined) continue;
    const existing = lookup(tree, next.parent, next.name);
    const same = existing && tree.get(existing)!.version === version ? existing : undefined;
    // What one package can do without, another may need, and all that it needs in turn.
    if (same && (next.optional || !tree.get(same)!.optional)) continue;
    const path =
      same ?? (existing ? `${next.parent}/node_modules/${next.name}` : `node_modules/${next.name}`);
    tree.set(path, toEntry(version, installed, known, next.optional));
    queue.push(...dependenciesOf(installed, known, path, installed?.directory ?? next.from, next.optional));
  }
  return Object.fromEntries([...tree].sort(([a], [b]) => (a < b ? -1 : 1)));
}

// Where Node would find a name from a package of the lock.
function lookup(tree: LockTree, parent: string, name: string): string | undefined {
  for (let at = parent; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const nested = `${at}/node_modules/${name}`;
    if (tree.has(nested)) return nested;
  }
  const top = `node_modules/${name}`;
  return tree.has(top) ? top : undefined;
}

function dependenciesOf(
  installed: InstalledPackage | undefined,
  known: LockEntry | undefined,
  parent: string,
  from: string,
  optional: boolean,
): Pending[] {
  const source = installed?.manifest ?? known;
  const optionals = source?.optionalDependencies ?? {};
  const peers = installed?.manifest.peerDependencies ?? {};
  const needed = { ...source?.dependencies, ...peers };
  const list = (ranges: Readonly<Record<string, string>>, isOptional: (name: string) => boolean): Pending[] =>
    Object.entries(ranges)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, range]) => ({ name, range, optional: optional || isOptional(name), parent, from }));
  const required = Object.fromEntries(
    Object.entries(needed).filter(([name]) => !(name in optionals) && !isOptionalPeer(installed, name)),
  );
  return [...list(required, () => false), ...list(optionals, () => true)];
}

function isOptionalPeer(installed: InstalledPackage | undefined, name: string): boolean {
  return installed?.manifest.peerDependenciesMeta?.[name]?.optional === true;
}

function toEntry(
  version: string,
  installed: InstalledPackage | undefined,
  known: LockEntry | undefined,
  optional: boolean,
): LockEntry {
  const manifest = installed?.manifest;
  const scripts = manifest?.scripts ?? {};
  const hasInstallScript =
    ["preinstall", "install", "postinstall"].some((name) => scripts[name]) || manifest?.gypfile;
  const entry = {
    name: manifest?.name === installed?.name ? undefined : manifest?.name,
    version,
    integrity: known?.integrity,
    hasInstallScript: hasInstallScript ? true : undefined,
    optional: optional ? true : undefined,
    os: manifest?.os ?? known?.os,
    cpu: manifest?.cpu ?? known?.cpu,
    libc: known?.libc,
    bin: typeof manifest?.bin === "string" ? { [installed!.name]: manifest.bin } : manifest?.bin,
    engines: manifest?.engines ?? known?.engines,
    dependencies: manifest?.dependencies ?? known?.dependencies,
    optionalDependencies: manifest?.optionalDependencies ?? known?.optionalDependencies,
    peerDependencies: manifest?.peerDependencies,
    peerDependenciesMeta: manifest?.peerDependenciesMeta,
  };
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as LockEntry;
}

function exactVersion(range: string): string | undefined {
  return /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/.test(range) ? range : undefined;
}
