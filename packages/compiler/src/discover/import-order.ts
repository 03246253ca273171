import { posix } from "node:path";
import type { OutputChunk, Plugin } from "rolldown";

/**
 * Has modules run in the order in which they are imported: what `import "dotenv/config"` sets, the next module may read.
 * Rolldown writes the imports of packages after those of other modules.
 */
export function keepImportOrder(): Plugin {
  return {
    name: "keep-import-order",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const names = new Map(chunks.map(({ facadeModuleId, fileName }) => [facadeModuleId, fileName]));
      for (const chunk of chunks) {
        const imported = chunk.facadeModuleId && this.getModuleInfo(chunk.facadeModuleId)?.importedIds;
        if (!imported) continue;
        // Data does nothing when it is imported, and would want its attributes.
        const specifiers = imported
          .filter((id) => names.has(id) || !id.endsWith(".json"))
          .map((id) => (names.has(id) ? relative(chunk, names.get(id)!) : id));
        // The first import of a module counts. All on the first line: source maps go by lines.
        chunk.code =
          specifiers.map((specifier) => `import ${JSON.stringify(specifier)}; `).join("") + chunk.code;
      }
    },
  };
}

function relative({ fileName }: OutputChunk, other: string): string {
  return `./${posix.relative(posix.dirname(fileName), other)}`;
}
