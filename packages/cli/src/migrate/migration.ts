import type { AffectedLine } from "@truss-chains/config";
import type { Problem } from "@truss-chains/errors";

/** What migrating one file comes to, before anything is written. */
export interface FileMigration {
  /** Absolute path. */
  readonly file: string;
  readonly before: string;
  /** The new text; equal to `before` when there is nothing to do. */
  readonly after: string;
  /** Why there is nothing to do. */
  readonly reason: string | undefined;
  readonly warnings: readonly Problem[];
  /** Lines of code elsewhere that have to change too. */
  readonly lines: readonly AffectedLine[];
}
