import type { ErrorCode } from "./catalogue/index.ts";
import type { Location } from "./location.ts";

/** One fault of a user's input. A check reports all of them at once, as a list. */
export interface Problem {
  readonly code: ErrorCode;
  /** `warning`: the input is accepted, but probably not what the user wants. */
  readonly severity: "error" | "warning";
  /** What is wrong, in one sentence that names the value seen. */
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string;
  readonly location?: Location;
}
