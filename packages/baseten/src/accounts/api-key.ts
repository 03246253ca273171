import { inspect } from "node:util";

/** An API key or token that cannot be printed by accident: only `header` gives it away. */
export class ApiKey {
  readonly #key: string;
  readonly #scheme: "Api-Key" | "Bearer";

  /** The key that a text holds, without the blanks around it; undefined where that is no word of ASCII. */
  static in(text: string, scheme?: "Api-Key" | "Bearer"): ApiKey | undefined {
    const key = text.trim();
    return /^[\x21-\x7e]+$/.test(key) ? new ApiKey(key, scheme) : undefined;
  }

  constructor(key: string, scheme: "Api-Key" | "Bearer" = "Api-Key") {
    this.#key = key;
    this.#scheme = scheme;
  }

  /** The value of the Authorization header. */
  get header(): string {
    return `${this.#scheme} ${this.#key}`;
  }

  /** A text that came from elsewhere, without the key. */
  redact(text: string): string {
    return this.#key === "" ? text : text.replaceAll(this.#key, "***");
  }

  toString(): string {
    return "***";
  }

  toJSON(): string {
    return "***";
  }

  [inspect.custom](): string {
    return "ApiKey(***)";
  }
}
