/** A field of a config that differs. */
export interface FieldChange {
  /** `resources.accelerator` */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Of each push alone, or compared by themselves. */
const LEFT_OUT = /^(model_name$|model_metadata\.truss_chains(\.|$))/;

/** The fields that differ between two dumped configs; lists are compared as a whole. */
export function compareConfigs(before: unknown, after: unknown, path = ""): FieldChange[] {
  if (LEFT_OUT.test(path) || JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isRecord(before) || !isRecord(after)) return [{ path, before: before ?? null, after: after ?? null }];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => compareConfigs(before[key], after[key], path === "" ? key : `${path}.${key}`));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
