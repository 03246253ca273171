import { ChainsError, formatPath } from "@truss-chains/errors";

/** Deeper than any sensible message, and well before the stack of either side overflows. */
export const MAX_DEPTH = 500;

/** Plain objects, those of another realm included. */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
}

/** What is wrong with one value, and what to send in its place. */
export interface Objection {
  readonly what: string;
  readonly fix: string;
}

/** The error for a value that the wire cannot carry, at its path. */
export function unserializable(path: readonly (string | number)[], { what, fix }: Objection): ChainsError {
  const place = path.length === 0 ? "The value" : `\`${formatPath(path)}\``;
  return new ChainsError("VALUE_NOT_SERIALIZABLE", `${place} is ${what}, which cannot be sent.`, {
    fix,
    location: { path },
  });
}

/** Why a value that is neither a scalar nor a plain container cannot travel. */
export function objection(value: unknown): Objection {
  switch (typeof value) {
    case "undefined":
      return { what: "undefined inside an array", fix: "Send null." };
    case "function":
      return { what: "a function", fix: "Leave it out." };
    case "symbol":
      return { what: "a symbol", fix: "Send its description." };
    case "bigint":
      return { what: `the bigint ${value}`, fix: "Send a number or a string." };
    case "number":
      return { what: String(value), fix: "Send null, or turn on useBinary." };
  }
  if (value instanceof Date)
    return { what: "a Date", fix: "Send value.toISOString(), or turn on useBinary." };
  if (value instanceof Map) return { what: "a Map", fix: "Send Object.fromEntries(value)." };
  if (value instanceof Set) return { what: "a Set", fix: "Send [...value]." };
  if (value instanceof Uint8Array) return { what: "bytes", fix: "Turn on useBinary, or send base64 text." };
  if (ArrayBuffer.isView(value)) return { what: `a ${className(value)}`, fix: "Send NdArray.from(value)." };
  return {
    what: `an instance of ${className(value as object)}`,
    fix: "Send a plain object: the callee could not tell it from one.",
  };
}

function className(value: object): string {
  const name = (value as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof name === "string" && name !== "" ? name : "a nameless class";
}

export const TOO_DEEP: Objection = {
  what: `nested deeper than ${MAX_DEPTH} levels, or contains itself`,
  fix: "Send a flatter value.",
};
