import { Fields } from "../options/fields.ts";
import { type ForeignChainletClass, type ForeignSchemas, foreignBase } from "./foreign-endpoint.ts";
import { setKind } from "./kind.ts";

export interface TrussChainletOptions extends ForeignSchemas {
  /** Directory of an existing truss, in any language, relative to the file that declares the chainlet. */
  readonly trussDir: string;
}

/**
 * The base class of a chainlet that deploys an existing truss as it is:
 * `class Whisper extends TrussChainlet({ trussDir: "./whisper", input: Audio, output: Transcript }) {}`.
 *
 * @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field.
 */
export function TrussChainlet<const Options extends TrussChainletOptions>(
  options: Options,
): ForeignChainletClass<Options> {
  const fields = new Fields("TrussChainlet", options, ["trussDir", "input", "output", "stream"]);
  fields.requiredString("trussDir");
  fields.rule(Boolean(options.output && options.stream), "stream", "and `output` cannot both be given.");
  fields.done();
  const base = foreignBase<Options>("an existing truss");
  setKind(base, { kind: "truss", options });
  return base;
}
