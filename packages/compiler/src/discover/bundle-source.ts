import { readFile, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { ChainsError, type Problem } from "@truss-chains/errors";
import { type Plugin, rolldown } from "rolldown";
import { fromRolldown, missingImport } from "../bundle/rolldown-failure.ts";
import { annotateModule } from "../source/annotate.ts";
import { findImport } from "../source/find-import.ts";
import { isFirstParty, packageOf } from "../source/first-party.ts";

/** A chain's own modules as one file that Node can import. */
export interface SourceBundle {
  /** The written module. */
  readonly file: string;
  /** Every source file that is part of it, sorted. */
  readonly modules: readonly string[];
}

/**
 * Bundles the user's own modules, for a process that only wants to look at the chain. Installed packages stay where
 * they are: they are imported by their absolute path, so that the bundle may be written anywhere.
 *
 * @throws ChainsError `SOURCE_SYNTAX`, `SOURCE_IMPORT_MISSING` or `BUNDLE_FAILED`.
 */
export async function bundleSource(source: string, outDir: string): Promise<SourceBundle> {
  const cwd = dirname(source);
  const missing: Problem[] = [];
  const build = await rolldown({
    input: source,
    cwd,
    platform: "node",
    tsconfig: true,
    treeshake: false,
    transform: { decorator: { legacy: true }, typescript: { onlyRemoveTypeImports: false } },
    plugins: [keepPackagesOutside(missing), annotate()],
    onLog: () => {},
  });
  try {
    const { output } = await build.generate({
      format: "esm",
      keepNames: true,
      sourcemap: true,
      codeSplitting: false,
    });
    if (missing.length > 0) throw importsMissing(missing);
    const [chunk] = output;
    const file = join(outDir, "chain.mjs");
    await writeFile(`${file}.map`, chunk.map!.toString());
    await writeFile(
      file,
      `${chunk.code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "")}\n//# sourceMappingURL=chain.mjs.map\n`,
    );
    return { file, modules: chunk.moduleIds.filter(isFirstParty).sort() };
  } catch (thrown) {
    if (thrown instanceof ChainsError) throw thrown;
    throw fromRolldown(thrown, cwd);
  } finally {
    await build.close();
  }
}

function keepPackagesOutside(missing: Problem[]): Plugin {
  return {
    name: "keep-packages-outside",
    resolveId: {
      filter: { id: /^[^./\0]/ },
      async handler(specifier, importer, { kind }) {
        const name = packageOf(specifier);
        if (!importer || name === undefined || isBuiltin(specifier)) return null;
        const resolved = await this.resolve(specifier, importer, { kind, skipSelf: true });
        if (!resolved || resolved.external) {
          missing.push(missingImport(specifier, await findImport(importer, specifier)));
          return { id: specifier, external: true };
        }
        const isSdk = name === "truss-chains" || name.startsWith("@truss-chains/");
        if (!isSdk && isFirstParty(resolved.id)) return resolved;
        return { id: pathToFileURL(resolved.id).href, external: true };
      },
    },
  };
}

function annotate(): Plugin {
  return {
    name: "annotate-classes",
    load: {
      filter: { id: /\.[cm]?[jt]sx?$/ },
      async handler(id) {
        if (!isFirstParty(id)) return null;
        return annotateModule(id, await readFile(id, "utf8"));
      },
    },
  };
}

function importsMissing(problems: readonly Problem[]): ChainsError {
  return ChainsError.fromProblems("SOURCE_IMPORT_MISSING", "An import cannot be found:", problems);
}
