import type { z } from "zod";

/** What is known about a schema, or about the one it was copied from: describing a schema copies it. */
export function inherited<T>(known: WeakMap<z.core.$ZodType, T>, schema: z.core.$ZodType): T | undefined {
  for (let at: z.core.$ZodType | undefined = schema; at; at = at._zod.parent) {
    const found = known.get(at);
    if (found !== undefined) return found;
  }
  return undefined;
}
