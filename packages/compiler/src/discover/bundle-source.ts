import { readFile, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "rolldown";
import { Faults } from "../bundle/faults.ts";
import { resolveImport } from "../bundle/resolve-import.ts";
import { annotateModule } from "../source/annotate.ts";
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
  const faults = new Faults();
  const { rolldown } = await import("rolldown");
  const build = await rolldown({
    input: source,
    cwd,
    platform: "node",
    tsconfig: true,
    treeshake: false,
    transform: { decorator: { legacy: true }, typescript: { onlyRemoveTypeImports: false } },
    plugins: [keepPackagesOutside(faults), annotate(faults)],
    onLog: () => {},
  });
  try {
    const { output } = await build.generate({
      format: "esm",
      keepNames: true,
      sourcemap: true,
      // Absolute: the bundle is written elsewhere, and stacks are to name the user's files.
      sourcemapPathTransform: (path, map) => resolve(dirname(map), path),
      codeSplitting: false,
    });
    faults.throwIfAny();
    const [chunk] = output;
    const file = join(outDir, "chain.mjs");
    await writeFile(`${file}.map`, chunk.map!.toString());
    await writeFile(
      file,
      `${chunk.code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "")}\n//# sourceMappingURL=chain.mjs.map\n`,
    );
    return { file, modules: chunk.moduleIds.filter(isFirstParty).sort() };
  } catch (thrown) {
    throw faults.explain(thrown, cwd);
  } finally {
    await build.close();
  }
}

function keepPackagesOutside(faults: Faults): Plugin {
  return {
    name: "keep-packages-outside",
    resolveId: {
      filter: { id: /^[^./\0]/ },
      async handler(specifier, importer, { kind }) {
        const name = packageOf(specifier);
        if (!importer || name === undefined || isBuiltin(specifier)) return null;
        const resolved = await resolveImport(this, { specifier, importer, kind }, faults);
        if (!resolved) return { id: specifier, external: true };
        const isSdk = name === "truss-chains" || name.startsWith("@truss-chains/");
        if (!isSdk && isFirstParty(resolved.id)) return resolved;
        return { id: pathToFileURL(resolved.id).href, external: true };
      },
    },
  };
}

function annotate(faults: Faults): Plugin {
  return {
    name: "annotate-classes",
    load: {
      filter: { id: /\.[cm]?[jt]sx?$/ },
      async handler(id) {
        if (!isFirstParty(id)) return null;
        const code = await readFile(id, "utf8");
        return faults.collect(() => annotateModule(id, code));
      },
    },
  };
}
