import type { ChainletDescriptor, RequestLog } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { codecFor, HttpError, runInRequestScope, type WireRequest } from "@truss-chains/rpc";
import { ABANDONED, isAbandoned } from "./abandoned.ts";
import type { Answer, Handler } from "./answer.ts";
import { contractMismatch, isSkewed, type ServedContract } from "./contract.ts";
import { readDeadline } from "./deadline.ts";
import type { Endpoint } from "./endpoint.ts";
import { endpointFailure, failureAnswer } from "./failure.ts";
import { readInput } from "./input.ts";
import { ServedRequest } from "./request.ts";
import { answerStream } from "./stream.ts";
import { tellFailure } from "./tell-failure.ts";
import { answerValue } from "./value.ts";

/** Everything that serving the calls of one chainlet takes. */
export interface HandlerOptions {
  readonly chainlet: ChainletDescriptor;
  readonly endpoint: Endpoint;
  /** Undefined when callers cannot have been built against another one. */
  readonly contract: ServedContract | undefined;
  /** Longest time between two items of a stream. */
  readonly streamGapMs: number;
  readonly log: RequestLog;
  /** Is told of what an endpoint threw, besides the caller: only here is the cause known. */
  readonly onFailure: (error: unknown, message: string) => void;
  /** Values that must not leave in an answer. */
  readonly secrets: () => readonly string[];
}

/** The handler of a chainlet: from bytes to its endpoint and back, without knowing what carries the bytes. */
export function createHandler(options: HandlerOptions): Handler {
  const { name, endpoint } = options.chainlet;
  if (endpoint.kind === "websocket") return () => Promise.resolve(failureAnswer(needsSocket(name)));
  return (wire) => {
    const request = new ServedRequest(wire, readDeadline(wire.headers), options.log);
    return runInRequestScope(request, () => serve(options, wire, request));
  };
}

function needsSocket(chainlet: string): HttpError {
  return new HttpError(426, `${chainlet} is called over a WebSocket.`, {
    fix: "Open a WebSocket at this address, in place of sending a request.",
  });
}

async function serve(options: HandlerOptions, wire: WireRequest, request: ServedRequest): Promise<Answer> {
  const { chainlet, endpoint, contract } = options;
  const codec = codecFor(wire.headers["content-type"]);
  let input: unknown;
  try {
    const read = readInput(chainlet, codec, wire);
    input = read instanceof Promise ? await read : read;
  } catch (error) {
    if (!isRefusal(error)) return failed(options, request, error, "could not check its input");
    request.close();
    const skewed = error.code === "INPUT_INVALID" && contract && isSkewed(contract, wire.headers);
    return failureAnswer(skewed ? contractMismatch(chainlet.name, contract, error) : error);
  }
  try {
    const result = endpoint(input, request);
    if (chainlet.endpoint.kind === "stream")
      return await answerStream(options, codec, wire, request, await result);
    const value = answerValue(chainlet, codec, await result);
    const answer = value instanceof Promise ? await value : value;
    request.close();
    return answer;
  } catch (error) {
    return failed(options, request, error, "failed");
  }
}

/** Whether it is the body that is at fault, and not a schema that did more than to look at it. */
function isRefusal(error: unknown): error is ChainsError {
  return error instanceof ChainsError && (error.code === "BODY_INVALID" || error.code === "INPUT_INVALID");
}

async function failed(
  options: HandlerOptions,
  request: ServedRequest,
  error: unknown,
  what: string,
): Promise<Answer> {
  request.close();
  const isLeft = isAbandoned(error, request.cancellation);
  const answer = isLeft ? ABANDONED : await endpointFailure(error, options.secrets());
  if (isLeft || answer.status >= 500) tellFailure(options, request, error, what);
  return answer;
}
