import type { Plugin } from "rolldown";

/** Makes a CommonJS bundle a script that evaluates to a function of `exports` and `require`. */
export function asScript(): Plugin {
  return {
    name: "as-script",
    generateBundle(_, files) {
      for (const file of Object.values(files)) {
        if (file.type === "chunk") file.code = `(function (exports, require) {${file.code.trimEnd()}\n})`;
      }
    },
  };
}
