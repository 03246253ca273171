import type { z } from "zod";
import { asciiDigits, pythonStrip } from "../python-text.ts";
import { isRecord } from "../record.ts";
import { ACCELERATORS, type Accelerator } from "../rules/accelerators.ts";
import { checkCpu } from "../rules/cpu.ts";
import { Fault, quote } from "../rules/fault.ts";
import { checkMemory } from "../rules/memory.ts";
import { list } from "./collection.ts";
import { describe } from "./fault.ts";
import { flag, integer, scalar, strictInteger, text, textWhere } from "./scalar.ts";
import { section } from "./section.ts";

/** A GPU type and how many of it. `type` is null where none is asked for. */
export interface AcceleratorSpec {
  readonly type: Accelerator | null;
  readonly count: number;
}

const NO_ACCELERATOR: AcceleratorSpec = { type: null, count: 1 };

/** Reads the text form: `A100`, or `A100:2`. */
export function parseAccelerator(value: string): AcceleratorSpec | Fault {
  const [name = "", count = "", ...rest] = pythonStrip(value).split(":");
  const type = ACCELERATORS.find((known) => known === name);
  if (type === undefined) {
    const near = ACCELERATORS.find((known) => known === name.trim().toUpperCase().replaceAll(/[- ]/g, "_"));
    return new Fault(
      name === "" ? "The type of the accelerator is empty." : `${quote(name)} is not an accelerator.`,
      near ? `Did you mean ${quote(near)}?` : `Use one of ${ACCELERATORS.join(", ")}.`,
    );
  }
  // Truss reads the count only from exactly two parts: `A100:2:3` is one A100.
  if (!value.includes(":") || rest.length > 0) return { type, count: 1 };
  const number = asciiDigits(count);
  if (!/^\d+$/.test(number) || Number(number) === 0) {
    return new Fault(
      `${quote(count)} is not a number of accelerators.`,
      `Write a count, such as "${type}:2".`,
    );
  }
  return { type, count: Number(number) };
}

function formatAccelerator({ type, count }: AcceleratorSpec): string | null {
  if (type === null || count <= 0) return null;
  return count > 1 ? `${type}:${count}` : type;
}

function toSpec(raw: unknown): AcceleratorSpec | Fault {
  if (raw === null) return NO_ACCELERATOR;
  if (typeof raw === "string") return parseAccelerator(raw);
  if (!isRecord(raw)) {
    return new Fault(
      `Expected an accelerator as text, but got ${describe(raw)}.`,
      'Write, for example, "A100:2".',
    );
  }
  const parsed = acceleratorObject.safeParse(raw);
  if (parsed.success) return { type: parsed.data.accelerator, count: parsed.data.count };
  const [issue] = parsed.error.issues;
  return new Fault(`${issue?.path.join(".")}: ${issue?.message}`, 'Write it as text, such as "A100:2".');
}

const acceleratorObject = section({
  accelerator: scalar<Accelerator | null>({}, (raw) => {
    const found = ACCELERATORS.find((known) => known === raw);
    return raw === null ? null : (found ?? new Fault(`${describe(raw)} is not an accelerator.`));
  }).default(null),
  count: scalar<number>({}, (raw) => {
    const parsed = integer.safeParse(raw);
    return parsed.success && parsed.data >= 0 ? parsed.data : new Fault(`${describe(raw)} is not a count.`);
  }).default(1),
});

const fabric = section({
  use_rdma: flag.nullable().default(null).describe("Whether to use RDMA, on any fabric that offers it."),
  preferences: list(text)
    .nullable()
    .default(null)
    .describe("The fabrics that will do, best first. An empty list asks for none."),
});
export type Fabric = z.output<typeof fabric>;

const specs = new WeakMap<object, AcceleratorSpec>();

/** The accelerator of a config's `resources`. */
export function acceleratorOf(resources: Resources): AcceleratorSpec {
  const known = specs.get(resources);
  if (known) return known;
  const spec = toSpec(resources.accelerator);
  return spec instanceof Fault ? NO_ACCELERATOR : spec;
}

export const resources = section(
  {
    cpu: textWhere(checkCpu)
      .default("1")
      .describe('CPU cores, as text: "4", or in millicores "500m".')
      .meta({ examples: ["1", "500m", "4"] }),
    memory: textWhere(checkMemory)
      .default("2Gi")
      .describe("Memory, as text with a unit: k, M, G, T, P, E are powers of 1000; Ki to Ei powers of 1024.")
      .meta({ examples: ["2Gi", "512Mi"] }),
    accelerator: scalar<string | null>({ type: ["string", "null"] as never }, (raw) => {
      const spec = toSpec(raw);
      return spec instanceof Fault ? spec : formatAccelerator(spec);
    })
      .default(null)
      .describe("The GPU, with a count after a colon where it is more than one: A100, H100:8.")
      .meta({ examples: ["A100", "T4:2", "H100:8"] }),
    instance_type: text
      .nullable()
      .default(null)
      .describe("An instance type by its full name. With it, cpu, memory and accelerator are ignored.")
      .meta({ examples: ["L4:4x16"] }),
    node_count: strictInteger(1).nullable().default(null).describe("How many nodes one replica spans."),
    fabric: fabric.nullable().default(null).describe("What the network between nodes has to offer."),
    use_gpu: flag.default(false).describe("Ignored on input; Truss writes whether there is an accelerator."),
  },
  {
    before: (raw) => {
      if (!Object.hasOwn(raw, "use_gpu")) return undefined;
      const { use_gpu: _ignored, ...rest } = raw;
      return rest;
    },
    after: (value, _report, raw) => {
      const spec = toSpec(raw.accelerator ?? null);
      if (spec instanceof Fault) return undefined;
      const result = { ...value, use_gpu: spec.type !== null };
      specs.set(result, spec);
      return result;
    },
  },
);
export type Resources = z.output<typeof resources>;
