import { CustomImage } from "../options/custom-image.ts";
import { Fields, integerFrom } from "../options/fields.ts";
import { type ForeignChainletClass, type ForeignSchemas, foreignBase } from "./foreign-endpoint.ts";
import { setKind } from "./kind.ts";

export interface DockerServerOptions extends ForeignSchemas {
  /** A Debian-family image that holds the server, such as `vllm/vllm-openai:v0.9.0`. */
  readonly image: string | CustomImage;
  /** Runs in the foreground. Wrap operators and variables in `sh -c "…"`. Not needed with `noBuild`. */
  readonly startCommand?: string;
  /** Where the server listens; not 8080, which the platform's proxy takes. */
  readonly serverPort: number;
  /** Path that calls reach, such as `/v1/chat/completions`. */
  readonly predictEndpoint: string;
  /** `/health` by default. */
  readonly readinessEndpoint?: string;
  /** `/health` by default. */
  readonly livenessEndpoint?: string;
  /** User of the container; neither 0 nor 60000. */
  readonly runAsUserId?: number;
  /** Deploy the image as it is. */
  readonly noBuild?: boolean;
}

const KNOWN = [
  "image",
  "startCommand",
  "serverPort",
  "predictEndpoint",
  "readinessEndpoint",
  "livenessEndpoint",
  "runAsUserId",
  "noBuild",
  "input",
  "output",
  "stream",
];

const path = (value: string): string | undefined =>
  /^\/[^\s$]*$/.test(value)
    ? undefined
    : `must be a path that starts with "/" and has no space or "$", got "${value}".`;

/**
 * The base class of a chainlet that runs a custom server: vLLM, TEI, SGLang, …
 *
 * @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field.
 */
export function DockerServerChainlet<const Options extends DockerServerOptions>(
  options: Options,
): ForeignChainletClass<Options> {
  const fields = new Fields("DockerServerChainlet", options, KNOWN);
  if (typeof options.image === "string") fields.requiredString("image");
  else {
    fields.instance("image", CustomImage, undefined);
    fields.rule(
      options.image === undefined,
      "image",
      "is required.",
      "Name an image, or give a CustomImage.",
    );
  }
  const startCommand = fields.string("startCommand", undefined);
  fields.rule(
    startCommand === undefined && options.noBuild !== true,
    "startCommand",
    "is required.",
    "Only an image deployed with noBuild may use its own entrypoint.",
  );
  fields.requiredNumber("serverPort", (port) => {
    if (port === 8080) return "must not be 8080: the platform's proxy listens there.";
    return Number.isInteger(port) && port > 0 && port < 65536 ? undefined : `must be a port, got ${port}.`;
  });
  fields.requiredString("predictEndpoint", path);
  fields.string("readinessEndpoint", undefined, path);
  fields.string("livenessEndpoint", undefined, path);
  const user = fields.number("runAsUserId", undefined, integerFrom(1));
  fields.rule(user === 60000, "runAsUserId", "must not be 60000: it is the platform's own user.");
  fields.boolean("noBuild", undefined);
  fields.rule(Boolean(options.output && options.stream), "stream", "and `output` cannot both be given.");
  fields.done();
  const base = foreignBase<Options>("a custom server");
  setKind(base, { kind: "docker_server", options });
  return base;
}
