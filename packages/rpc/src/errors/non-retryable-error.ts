import { ChainsError, type ChainsErrorOptions } from "@truss-chains/errors";

/**
 * An error that trying again cannot mend: callers do not retry it, whatever `retries` they have. Their callers do
 * not either, unless someone in between catches it.
 */
export class NonRetryableError extends ChainsError {
  override readonly name = "NonRetryableError";

  constructor(message: string, options: ChainsErrorOptions = {}) {
    super("NON_RETRYABLE", message, options);
  }
}
