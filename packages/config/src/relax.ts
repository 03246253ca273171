import { isRecord, type PlainRecord } from "./record.ts";

/** Something that the documents allow and the real loader refuses, and what we made of it. */
export interface Relaxation {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly fix: string;
}

/**
 * Accepts what Truss's documents show although its loader refuses it, by rewriting it to what the loader takes: one
 * lone pattern, and `az://` sources. Returns the input itself where there is nothing to do.
 */
export function relax(raw: PlainRecord): { raw: PlainRecord; relaxations: Relaxation[] } {
  const relaxations: Relaxation[] = [];
  let result = raw;
  for (const section of ["model_cache", "hf_cache", "cache_internal", "weights"]) {
    const list = Object.hasOwn(raw, section) ? raw[section] : undefined;
    if (!Array.isArray(list)) continue;
    const items = list.map((item, index) =>
      isRecord(item) ? relaxEntry(item, [section, index], relaxations) : item,
    );
    if (items.some((item, index) => item !== list[index])) result = { ...result, [section]: items };
  }
  return { raw: result, relaxations };
}

function relaxEntry(
  entry: PlainRecord,
  path: readonly (string | number)[],
  found: Relaxation[],
): PlainRecord {
  let result = entry;
  for (const key of ["allow_patterns", "ignore_patterns"]) {
    const pattern = Object.hasOwn(entry, key) ? entry[key] : undefined;
    if (typeof pattern !== "string") continue;
    result = { ...result, [key]: [pattern] };
    found.push({
      path: [...path, key],
      message: `One lone pattern is read as a list of one. The Truss loader refuses it.`,
      fix: `Write [${JSON.stringify(pattern)}].`,
    });
  }
  const key = path[0] === "weights" ? "source" : "repo_id";
  const source = Object.hasOwn(entry, key) ? entry[key] : undefined;
  const isAzure = path[0] === "weights" || entry.kind === "azure";
  if (isAzure && typeof source === "string" && source.startsWith("az://")) {
    const written = source.replace("az://", "azure://");
    result = { ...result, [key]: written };
    found.push({
      path: [...path, key],
      message: `\`az://\` is read as \`azure://\`. The Truss loader knows only azure://account/container/path, and some documents write az://container/path without the account.`,
      fix: `Write azure:// with the account first, such as ${written.replace("azure://", "azure://ACCOUNT/")}.`,
    });
  }
  return result;
}
