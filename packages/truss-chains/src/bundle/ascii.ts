import type { Plugin } from "rolldown";

/**
 * Writes characters beyond ASCII as escapes: a single one has V8 keep all of a file in two bytes a character, which a
 * server's start would pay with a collection of garbage. For our own code and the packages it needs, where they only
 * stand in strings.
 */
export function ascii(): Plugin {
  return {
    name: "ascii",
    generateBundle(_, files) {
      for (const file of Object.values(files)) {
        if (file.type === "chunk") file.code = file.code.replace(/[^\0-\x7f]/g, escapeOf);
      }
    },
  };
}

function escapeOf(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
