import { YamlBytes, YamlFloat, YamlMap, YamlSet, YamlValue } from "../dialect/values.ts";

/** Python's idea of truth, by which some rules of Truss judge values before they are converted. */
export function isTruthy(raw: unknown): boolean {
  if (raw instanceof YamlFloat) return raw.value !== 0;
  if (raw instanceof YamlSet) return raw.items.length > 0;
  if (raw instanceof YamlBytes) return raw.bytes.length > 0;
  if (raw instanceof YamlMap) return raw.entries.length > 0;
  if (raw instanceof YamlValue) return true;
  if (Array.isArray(raw)) return raw.length > 0;
  if (typeof raw === "object" && raw !== null) return Object.keys(raw).length > 0;
  return Boolean(raw) || Number.isNaN(raw);
}

/** True for what Python finds equal to 1: `1`, `1.0` and `true`. */
export function isOne(raw: unknown): boolean {
  return raw === 1 || raw === true || (raw instanceof YamlFloat && raw.value === 1);
}
