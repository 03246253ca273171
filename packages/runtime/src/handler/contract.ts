import type { EndpointSchemas } from "@truss-chains/core";
import { ChainsError, formatPath } from "@truss-chains/errors";
import { CONTRACT_HEADER, type WireRequest } from "@truss-chains/rpc";

/** The schemas that a chainlet serves, and their hash. */
export interface ServedContract {
  readonly hash: string;
  readonly schemas: EndpointSchemas;
}

/** Whether the caller was built against other schemas than these. Python callers do not say. */
export function isSkewed(contract: ServedContract, headers: WireRequest["headers"]): boolean {
  const sent = headers[CONTRACT_HEADER];
  return sent !== undefined && sent !== contract.hash;
}

/**
 * What a rejected input means when the caller was built against other schemas. Other schemas alone reject nothing:
 * during a roll-out both versions are there, and most changes, such as a new optional field, hurt nobody.
 */
export function contractMismatch(
  chainlet: string,
  contract: ServedContract,
  rejection: ChainsError,
): ChainsError {
  const fields = rejection.problems.map(
    ({ message, location }) => `  ${formatPath(location?.path ?? [])}: ${message}`,
  );
  return new ChainsError(
    "CONTRACT_MISMATCH",
    [
      `${chainlet} serves other schemas than its caller was built against, and the input does not fit:`,
      ...fields,
    ].join("\n"),
    {
      fix: `Deploy the caller and ${chainlet} together, or keep the schema of ${chainlet} compatible.`,
      problems: rejection.problems,
      data: { served: contract },
    },
  );
}
