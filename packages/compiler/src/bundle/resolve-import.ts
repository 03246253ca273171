import { isBuiltin } from "node:module";
import type { PluginContext, ResolvedId } from "rolldown";
import { isFirstParty, packageOf } from "../source/first-party.ts";
import type { Faults } from "./faults.ts";

type ImportKind = NonNullable<Parameters<PluginContext["resolve"]>[2]>["kind"];

export interface ImportInSource {
  readonly specifier: string;
  /** Path of the file that holds the import. */
  readonly importer: string;
  readonly kind: ImportKind;
}

/**
 * Where an import leads. An import of the user's own that leads nowhere is a fault; installed packages import optional
 * ones that may be absent, and handle that themselves.
 *
 * @returns undefined when it stays an import: of one of Node's own modules, or of nothing.
 */
export async function resolveImport(
  context: PluginContext,
  { specifier, importer, kind }: ImportInSource,
  faults: Faults,
): Promise<ResolvedId | undefined> {
  if (isBuiltin(specifier)) return undefined;
  const resolved = await context.resolve(specifier, importer, { kind, skipSelf: true });
  if (resolved && !resolved.external) return resolved;
  if (isFirstParty(importer) && (packageOf(specifier) !== undefined || !resolved)) {
    await faults.missing(specifier, importer);
  }
  return undefined;
}
