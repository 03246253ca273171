import { pythonText } from "../python-repr.ts";
import { setKey } from "../record.ts";
import { Fault } from "../rules/fault.ts";
import { entriesOf, mapOf } from "./collection.ts";
import { describeKind, report } from "./fault.ts";
import { jsonSchemas } from "./json-schemas.ts";
import { schemaOf } from "./reader.ts";
import { scalar } from "./scalar.ts";

/** Environment variables. Values of any type become text the way Python writes them; booleans in lower case. */
export const environmentVariables = schemaOf((raw, findings): Readonly<Record<string, string>> => {
  const result: Record<string, string> = {};
  for (const [key, value] of entriesOf(raw, findings)) {
    const written = pythonText(value);
    if (written.isWellFormed()) setKey(result, key, written);
    else report(findings, new Fault("The value holds half of a surrogate pair.", "Remove it."), [key]);
  }
  return Object.freeze(result);
});
jsonSchemas.add(environmentVariables, {
  type: "object",
  additionalProperties: { type: ["string", "number", "boolean"] as never },
});

/** A value of `secrets`: a placeholder. It is never shown, as people do write real secrets there. */
const placeholder = scalar<string | null>({ type: ["string", "null"] as never }, (raw) => {
  if (raw === null || (typeof raw === "string" && raw.isWellFormed())) return raw;
  return new Fault(
    `Expected null or text, but got ${describeKind(raw)}.`,
    "Write null: secrets are set on the platform.",
  );
});
export const secrets = mapOf(placeholder);
