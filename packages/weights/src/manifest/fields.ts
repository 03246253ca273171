import { ChainsError } from "@truss-chains/errors";

/** A reader of one JSON object from outside, that names the place of whatever is wrong with it. */
export class Fields {
  readonly #value: Record<string, unknown>;

  constructor(
    value: unknown,
    private readonly file: string,
    private readonly path: readonly (string | number)[],
  ) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw fault("is not an object", file, path);
    }
    this.#value = value as Record<string, unknown>;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#value, name) && this.#value[name] !== undefined;
  }

  raw(name: string): unknown {
    return this.has(name) ? this.#value[name] : undefined;
  }

  string(name: string, fallback?: string): string {
    const value = this.raw(name) ?? fallback;
    if (typeof value !== "string") this.refuse(name, "is not a string");
    return value;
  }

  nullableString(name: string): string | null {
    const value = this.raw(name) ?? null;
    if (value !== null && typeof value !== "string") this.refuse(name, "is neither a string nor null");
    return value as string | null;
  }

  /** A whole number that JavaScript holds exactly: beyond 9 PB nothing is a file. */
  size(name: string): number {
    const value = this.raw(name);
    if (!Number.isSafeInteger(value) || (value as number) < 0) {
      this.refuse(name, `is not a size in bytes: ${JSON.stringify(value)}`);
    }
    return value as number;
  }

  integer(name: string): number {
    const value = this.raw(name);
    if (!Number.isSafeInteger(value)) this.refuse(name, "is not a whole number");
    return value as number;
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T {
    const value = this.raw(name);
    if (!(values as readonly unknown[]).includes(value)) {
      this.refuse(name, `is ${JSON.stringify(value)}, not one of ${values.join(", ")}`);
    }
    return value as T;
  }

  nullableStrings(name: string): readonly string[] | null {
    const value = this.raw(name) ?? null;
    if (value === null) return null;
    if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) {
      this.refuse(name, "is neither a list of strings nor null");
    }
    return value;
  }

  list(name: string): readonly unknown[] {
    const value = this.raw(name);
    if (!Array.isArray(value)) this.refuse(name, "is not a list");
    return value;
  }

  child(name: string): Fields {
    return new Fields(this.raw(name), this.file, [...this.path, name]);
  }

  refuse(name: string, what: string): never {
    throw fault(what, this.file, [...this.path, name]);
  }
}

function fault(what: string, file: string, path: readonly (string | number)[]): ChainsError {
  const place = path.length === 0 ? "The manifest" : `\`${path.join(".")}\``;
  return new ChainsError("MANIFEST_INVALID", `${file}: ${place} ${what}.`, {
    fix: "Build the manifest again, or remove the file.",
    location: { file, path },
  });
}
