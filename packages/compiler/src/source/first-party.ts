import { isAbsolute } from "node:path";

/** Whether a module is the user's own source, which we transform, and not an installed package's. */
export function isFirstParty(file: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file) && !/[\\/]node_modules[\\/]/.test(file) && !file.startsWith("\0");
}

/** Whether a module is a file of the user's own, of whatever kind. */
export function isOwnFile(id: string): boolean {
  return isAbsolute(id) && !/[\\/]node_modules[\\/]/.test(id);
}

/** The package of a bare specifier: `@scope/name` of `@scope/name/sub`. Undefined for paths and Node's own modules. */
export function packageOf(specifier: string): string | undefined {
  const match = /^(@[^/]+\/[^/]+|[^./@\0][^/:]*)(?:\/|$)/.exec(specifier);
  return match?.[1];
}
