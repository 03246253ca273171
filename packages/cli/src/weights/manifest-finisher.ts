import type { BuildOptions } from "@truss-chains/compiler";

type Finish = NonNullable<BuildOptions["finish"]>;

/**
 * Finishes truss directories that have a model cache; see `listModelCaches`. What it takes is loaded with the first
 * of them: most chains cache nothing.
 */
export function manifestFinisher(source: string, warn: (message: string) => void): Finish {
  let lister: Promise<Finish> | undefined;
  return async (draft) => {
    if (!draft.config.includes("model_cache")) return {};
    lister ??= import("./static-manifest.ts").then(({ listModelCaches }) => listModelCaches(source, warn));
    return (await lister)(draft);
  };
}
