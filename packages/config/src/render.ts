import { type DumpOptions, toDict } from "./dump.ts";
import { emitRecord, TRUSS_STYLE } from "./emit.ts";
import type { TrussConfig } from "./schema/truss-config.ts";

/** The comment by which editors find the schema of a config.yaml. */
export const SCHEMA_COMMENT =
  "# yaml-language-server: $schema=https://raw.githubusercontent.com/basetenlabs/truss/main/truss/config.schema.json";

export interface RenderOptions extends DumpOptions {
  /** Begins the text with the comment by which editors find the schema. */
  readonly schemaComment?: boolean;
}

/**
 * The config as YAML that readers of YAML 1.1 and of 1.2 understand alike. Keys are sorted, as Truss writes them, so
 * that equal configs give equal texts.
 */
export function renderConfig(config: TrussConfig, options: RenderOptions = {}): string {
  const body = emitRecord(toDict(config, options), "", TRUSS_STYLE);
  return options.schemaComment ? `${SCHEMA_COMMENT}\n${body}` : body;
}
