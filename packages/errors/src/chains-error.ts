import { type Blame, catalogue, type ErrorCode } from "./catalogue/index.ts";
import { formatLocation, type Location } from "./location.ts";
import type { Problem } from "./problem.ts";

// Registered, so that an error of another copy of this package is recognised too.
const BRAND = Symbol.for("@truss-chains/errors/ChainsError");

export interface ChainsErrorOptions {
  /** What to do about it, in the imperative. */
  readonly fix?: string;
  readonly location?: Location;
  /** All the faults found, when there can be several. */
  readonly problems?: readonly Problem[];
  /** Plain JSON data that machines may need; it is shown with `--json` and crosses the wire. */
  readonly data?: unknown;
  readonly cause?: unknown;
}

/**
 * The one error class of the project. `code` is stable and is what programs should test; `message` says what is
 * wrong and may change.
 */
export class ChainsError extends Error {
  override readonly name: string = "ChainsError";
  readonly code: ErrorCode;
  // Declared only: what is not set is not shown when Node prints the error.
  declare readonly fix: string | undefined;
  declare readonly location: Location | undefined;
  declare readonly data: unknown;
  /** All the faults found, when there can be several. The message of such an error lists them. */
  declare readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, options: ChainsErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    Object.defineProperty(this, "problems", { value: options.problems ?? [] });
    if (options.fix !== undefined) this.fix = options.fix;
    if (options.location !== undefined) this.location = options.location;
    if (options.data !== undefined) this.data = options.data;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** One error that carries many problems; its message lists them, one a line. */
  static fromProblems(code: ErrorCode, summary: string, problems: readonly Problem[]): ChainsError {
    const lines = problems.map((problem) => {
      const place = formatLocation(problem.location);
      return `  ${place === "" ? "" : `${place}: `}${problem.message}${problem.fix ? ` ${problem.fix}` : ""}`;
    });
    const first = problems[0]?.location;
    return new ChainsError(code, [summary, ...lines].join("\n"), {
      problems,
      ...(first && { location: first }),
    });
  }

  /** Who has to act on this error. */
  get blame(): Blame {
    return catalogue[this.code].blame;
  }

  /** What `--json` shows. The cause stays out: it may hold anything. */
  toJSON(): Record<string, unknown> {
    return {
      code: this.code,
      message: this.message,
      ...(this.fix !== undefined && { fix: this.fix }),
      ...(this.location !== undefined && { location: this.location }),
      ...(this.problems.length > 0 && { problems: this.problems }),
      ...(this.data !== undefined && { data: this.data }),
    };
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== ChainsError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && BRAND in value;
  }
}
