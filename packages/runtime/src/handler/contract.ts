import type { EndpointContract } from "@truss-chains/core";
import { ChainsError, formatPath } from "@truss-chains/errors";
import { ASK_CONTRACT_HEADER, CONTRACT_HEADER, type WireRequest } from "@truss-chains/rpc";
import type { Answer, Handler } from "./answer.ts";

/** The schemas that a chainlet serves, and their hash. */
export type ServedContract = EndpointContract;

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

/**
 * A handler that tells callers which were built against other schemas that it serves others, and which to whoever asks. The
 * caller is who notices that an answer is not what it was built for. It asks while another call of it may be under way, and
 * during a roll-out it may ask a replica that serves the caller's own schemas: a question never waits, nor is it a call.
 */
export function tellingContract(handler: Handler, contract: ServedContract): Handler {
  const told = { [CONTRACT_HEADER]: contract.hash };
  const tell = (): Answer => ({
    status: 200,
    headers: { "content-type": "application/json", ...told },
    body: JSON.stringify(contract),
  });
  const answerSkewed: Handler = async (request) => {
    const answer = await handler(request);
    return { ...answer, headers: { ...answer.headers, ...told } };
  };
  return (request) => {
    if (request.headers[ASK_CONTRACT_HEADER] !== undefined) return Promise.resolve(tell());
    return isSkewed(contract, request.headers) ? answerSkewed(request) : handler(request);
  };
}
