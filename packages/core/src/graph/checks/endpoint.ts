import type { EndpointSpec, StreamSpec } from "../../authoring/endpoint-spec.ts";
import { metadataOf } from "../../authoring/metadata.ts";
import { toJsonSchema } from "../../describe/json-schema.ts";
import { endpointSpecOf } from "../../describe/members.ts";
import { kindOf } from "../../kinds/kind.ts";
import type { Schema } from "../../types/schema.ts";
import type { Check, CheckedClass, Report } from "./report.ts";

const SHAPES = "{ input?, output? }, { input?, stream } or { receive, send }";

/** Exactly one endpoint, on the method runRemote, whose spec fits the kind of method. */
export const checkEndpoint: Check = (cls, report) => {
  const declared = metadataOf(cls)?.endpoints ?? [];
  if (kindOf(cls)) {
    for (const { member } of declared) {
      report.error(
        "ENDPOINT_MISPLACED",
        `${cls.name} runs elsewhere and cannot have an @endpoint of its own.`,
        "Give its schemas to the function that it extends.",
        member,
      );
    }
    return;
  }
  for (const { member, isStatic } of declared) {
    if (isStatic) {
      report.error(
        "ENDPOINT_MISPLACED",
        `@endpoint is on the static member ${member}.`,
        "Make it an instance method.",
        member,
      );
    } else if (member !== "runRemote") {
      report.error(
        "ENDPOINT_MISPLACED",
        `@endpoint is on ${member}.`,
        "Rename the method to runRemote.",
        member,
      );
    }
  }
  if (declared.length > 1) {
    report.error(
      "ENDPOINT_MISPLACED",
      `${cls.name} has ${declared.length} endpoints.`,
      "A chainlet has one; make another chainlet for the other.",
      declared[1]?.member,
    );
  }
  const method = methodOf(cls);
  const spec = endpointSpecOf(cls);
  if (method === undefined ? spec !== undefined : typeof method !== "function") {
    report.error(
      "ENDPOINT_MISPLACED",
      "runRemote is not a method.",
      "Declare it as async runRemote(input) { … }.",
      "runRemote",
    );
  } else if (spec === undefined) {
    if (declared.length > 0) return;
    if (method === undefined) {
      report.error(
        "ENDPOINT_MISSING",
        `${cls.name} has no endpoint.`,
        "Add @endpoint({ input, output }) async runRemote(input) { … }.",
      );
    } else {
      report.error(
        "ENDPOINT_MISSING",
        "runRemote has no @endpoint.",
        `Put @endpoint(spec) above it: ${SHAPES}.`,
        "runRemote",
      );
    }
  } else {
    checkSpec(spec, report);
    checkMethod(method, spec, report);
  }
};

/** What the class has as `runRemote`, own or inherited; a getter is not called. */
function methodOf(cls: CheckedClass): unknown {
  for (let at: unknown = cls.prototype; at; at = Object.getPrototypeOf(at)) {
    const descriptor = Object.getOwnPropertyDescriptor(at, "runRemote");
    if (descriptor) return descriptor.get ? null : descriptor.value;
  }
  return undefined;
}

const PARTS = ["input", "output", "stream", "receive", "send"];

function checkSpec(spec: EndpointSpec, report: Report): void {
  if (typeof spec !== "object" || spec === null || isStandardSchema(spec)) {
    report.error(
      "ENDPOINT_SPEC_INVALID",
      isStandardSchema(spec)
        ? "@endpoint is given a schema, and not what it is of."
        : "@endpoint takes an object of schemas.",
      `Write one of ${SHAPES}.`,
      "runRemote",
    );
    return;
  }
  const given = Object.entries(spec).filter(([, schema]) => schema !== undefined);
  for (const [part, schema] of given) {
    if (!PARTS.includes(part)) {
      report.error(
        "ENDPOINT_SPEC_INVALID",
        `@endpoint does not know \`${part}\`.`,
        `Use ${SHAPES}.`,
        "runRemote",
      );
    } else if (!isStandardSchema(schema)) {
      report.error(
        "ENDPOINT_SPEC_INVALID",
        `The \`${part}\` of @endpoint is not a schema.`,
        "Give a zod schema, or another Standard Schema.",
        "runRemote",
      );
    } else if (part === "input") checkInput(schema, report);
  }
  const parts = new Set(given.map(([part]) => part));
  const socket = parts.has("receive") || parts.has("send");
  const contradicts =
    (parts.has("output") && parts.has("stream")) ||
    (socket && (parts.has("input") || parts.has("output") || parts.has("stream"))) ||
    parts.has("receive") !== parts.has("send");
  if (contradicts) {
    report.error(
      "ENDPOINT_SPEC_INVALID",
      `@endpoint cannot combine ${[...parts].map((part) => `\`${part}\``).join(" and ")}.`,
      `Use ${SHAPES}.`,
      "runRemote",
    );
  }
}

/** Callers in Python name every argument: a body that is no object fits none of their stubs. */
function checkInput(schema: Schema, report: Report): void {
  const { type } = toJsonSchema(schema, "input");
  if (typeof type !== "string" || type === "object") return;
  report.error(
    "ENDPOINT_SPEC_INVALID",
    `The \`input\` of @endpoint is of type ${type}, and a chainlet takes one object.`,
    "Give it a name: z.object({ name: … }).",
    "runRemote",
  );
}

function checkMethod(method: unknown, spec: EndpointSpec | null, report: Report): void {
  const style = typeof method === "function" ? method.constructor.name : undefined;
  const streams = (spec as Partial<StreamSpec> | null)?.stream !== undefined;
  if (style === "GeneratorFunction") {
    report.error(
      "ENDPOINT_SPEC_INVALID",
      "runRemote is a sync generator.",
      "Make it async *runRemote().",
      "runRemote",
    );
  } else if (style === "AsyncGeneratorFunction" && !streams) {
    report.error(
      "ENDPOINT_SPEC_INVALID",
      "runRemote yields, but its @endpoint declares no `stream`.",
      "Declare stream: the schema of one item.",
      "runRemote",
    );
  } else if (style === "AsyncFunction" && streams) {
    report.error(
      "ENDPOINT_SPEC_INVALID",
      "@endpoint declares `stream`, but runRemote does not yield.",
      "Make it an async generator: async *runRemote().",
      "runRemote",
    );
  }
}

function isStandardSchema(value: unknown): boolean {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  return (
    isObject &&
    typeof (value as { "~standard"?: { validate?: unknown } })["~standard"]?.validate === "function"
  );
}
