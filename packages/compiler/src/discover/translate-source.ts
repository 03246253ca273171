import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "rolldown";
import { Faults } from "../bundle/faults.ts";
import { resolveImport } from "../bundle/resolve-import.ts";
import { annotateModule } from "../source/annotate.ts";
import { isFirstParty, isOwnFile, packageOf } from "../source/first-party.ts";
import { keepImportOrder } from "./import-order.ts";

/** A chain's own modules as files that Node can import. */
export interface TranslatedSource {
  /** What the module of the source was written to. */
  readonly file: string;
  /** Every file of the user's own that is part of it, sorted: code, and data that is imported. */
  readonly modules: readonly string[];
}

/**
 * Writes the user's own modules as JavaScript into a directory, for a process that only wants to look at the chain.
 * Installed packages stay where they are: they are imported by their absolute path, so that the directory may be
 * anywhere.
 *
 * @throws ChainsError `SOURCE_SYNTAX`, `SOURCE_IMPORT_MISSING` or `BUNDLE_FAILED`.
 */
export async function translateSource(source: string, outDir: string): Promise<TranslatedSource> {
  const cwd = dirname(source);
  const faults = new Faults();
  const { rolldown } = await import("rolldown");
  const build = await rolldown({
    input: source,
    cwd,
    platform: "node",
    tsconfig: true,
    treeshake: false,
    transform: {
      decorator: { legacy: true },
      // As in the servers: what this Node cannot read, such as `using`, is written in what it can.
      target: "node20",
      typescript: { onlyRemoveTypeImports: false },
    },
    plugins: [keepPackagesOutside(faults), annotate(faults), keepImportOrder()],
    onLog: () => {},
  });
  try {
    const { output } = await build.write({
      dir: outDir,
      format: "esm",
      // A file for each, so that they run in their order.
      preserveModules: true,
      entryFileNames: "[name].mjs",
      keepNames: true,
      // Without it, variables that are used once are written into where they are used, and errors tell that line.
      minify: false,
      sourcemap: true,
      // Absolute: the files are written elsewhere, and stacks are to name the user's.
      sourcemapPathTransform: (path, map) => resolve(dirname(map), path),
    });
    faults.throwIfAny();
    const chunks = output.filter((file) => file.type === "chunk");
    const entry = chunks.find(({ isEntry }) => isEntry)!;
    const modules = chunks.flatMap(({ moduleIds }) => moduleIds).filter(isOwnFile);
    return { file: join(outDir, entry.fileName), modules: modules.sort() };
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
        if (!importer || isBuiltin(specifier)) return null;
        const resolved = await resolveImport(this, { specifier, importer, kind }, faults);
        if (!resolved) return { id: specifier, external: true };
        if (!isSdk(packageOf(specifier)) && isOwnFile(resolved.id)) return resolved;
        // `require` knows paths, `import` wants addresses.
        const id = kind === "require-call" ? resolved.id : pathToFileURL(resolved.id).href;
        return { id, external: "absolute" };
      },
    },
  };
}

function isSdk(name = ""): boolean {
  return name === "truss-chains" || name.startsWith("@truss-chains/");
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
