import { nearestName } from "./nearest.ts";
import { type TrussConfig, trussConfig } from "./schema/truss-config.ts";
import { visitSections } from "./schema/walk.ts";

/** A key that Truss keeps but does not know. */
export interface UnknownKey {
  readonly path: readonly (string | number)[];
  readonly key: string;
  /** The known name that is most likely meant. */
  readonly nearest: string | undefined;
  /** A push refuses it. Below `trt_llm.build` Truss does not look, and ignores unknown keys. */
  readonly refused: boolean;
}

/** The unknown keys of all the sections of a config. Free-form maps have none. */
export function unknownKeys(config: TrussConfig): UnknownKey[] {
  const found: UnknownKey[] = [];
  visitSections(trussConfig, config, (section, info, path) => {
    if (!info.keepsUnknown) return;
    for (const key of Object.keys(section)) {
      if (Object.hasOwn(info.shape, key)) continue;
      found.push({
        path: [...path, key],
        key,
        nearest: nearestName(key, Object.keys(info.shape)),
        refused: !isBelowBuild(path),
      });
    }
  });
  return found;
}

function isBelowBuild(path: readonly (string | number)[]): boolean {
  return path[0] === "trt_llm" && path[1] === "build";
}
