import type { CallOptions, DependencyDescriptor } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import type { OutgoingCall } from "../call/caller.ts";
import type { Cancellation } from "../call/cancellation.ts";
import {
  ASK_CONTRACT_HEADER,
  CHAIN_REQUEST_ID_HEADER,
  CONTRACT_HEADER,
  DEADLINE_HEADER,
  IDEMPOTENCY_HEADER,
  REQUEST_ID_HEADER,
} from "../call/headers.ts";
import type { CallLimits } from "../call/limits.ts";
import { callTimeout } from "../call/timeout.ts";
import { childTraceparent, randomHex } from "../call/traceparent.ts";
import type { Codec } from "../codec/codec.ts";
import type { RequestScope } from "../request-scope.ts";
import { STREAM_HEADER } from "../stream/stream-header.ts";

/** What is the same for all calls of a dependency. */
export interface CallTemplate {
  readonly dependency: Pick<DependencyDescriptor, "name" | "contract">;
  readonly codec: Codec;
  readonly retries: number;
  /** Whether the answer may come in frames of ours. */
  readonly framed: boolean;
}

export interface CallInputs {
  readonly input: unknown;
  readonly options: CallOptions | undefined;
  readonly scope: RequestScope | undefined;
  /** The whole answer is wanted at once. */
  readonly whole: boolean;
}

/**
 * A call with its body encoded once for all attempts, on behalf of the request being served.
 *
 * @throws ChainsError `VALUE_NOT_SERIALIZABLE`; `USAGE` when the call's options are wrong.
 */
export function outgoingCall(
  template: CallTemplate,
  { input, options, scope, whole }: CallInputs,
): OutgoingCall {
  const { dependency, codec, retries, framed } = template;
  const headers: Record<string, string> = {
    "content-type": codec.contentType,
    traceparent: childTraceparent(scope?.traceparent),
  };
  if (scope) {
    headers[REQUEST_ID_HEADER] = scope.requestId;
    if (scope.chainRequestId !== undefined) headers[CHAIN_REQUEST_ID_HEADER] = scope.chainRequestId;
    if (scope.tracestate !== undefined) headers.tracestate = scope.tracestate;
  }
  if (dependency.contract) headers[CONTRACT_HEADER] = dependency.contract.hash;
  if (framed) headers[STREAM_HEADER] = "1";
  if (retries > 1) headers[IDEMPOTENCY_HEADER] = randomHex(16);
  if (options?.headers) addHeaders(headers, options.headers);
  return {
    headers,
    body: codec.encode(input ?? {}),
    limits: limitsOf(dependency.name, options, scope),
    whole,
  };
}

function limitsOf(
  dependency: string,
  options: CallOptions | undefined,
  scope: RequestScope | undefined,
): CallLimits {
  const signals: (AbortSignal | Cancellation)[] = [];
  if (scope) signals.push(scope.cancellation ?? scope.signal);
  if (options?.signal) signals.push(options.signal);
  return { dependency, signals, deadline: deadlineOf(dependency, options?.timeoutMs, scope?.deadline) };
}

function deadlineOf(
  dependency: string,
  timeoutMs: number | undefined,
  inherited: number | undefined,
): CallLimits["deadline"] {
  if (timeoutMs !== undefined) {
    if (!(timeoutMs > 0)) {
      throw new ChainsError(
        "USAGE",
        `timeoutMs of a call is a number of milliseconds above 0, got ${timeoutMs}.`,
      );
    }
    const at = Date.now() + timeoutMs;
    if (inherited === undefined || at <= inherited) {
      return { at, exceeded: () => callTimeout(dependency, `${timeoutMs} milliseconds for the whole call`) };
    }
  }
  return inherited === undefined
    ? undefined
    : { at: inherited, exceeded: () => deadlineExceeded(dependency) };
}

function deadlineExceeded(dependency: string): ChainsError {
  return new ChainsError(
    "DEADLINE_EXCEEDED",
    `The deadline of the request passed while it called ${dependency}.`,
    {
      fix: "Raise timeoutSec of the caller's dependency, or answer faster.",
    },
  );
}

const RESERVED: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "content-length",
  "content-type",
  "host",
  "traceparent",
  "tracestate",
  "transfer-encoding",
  ASK_CONTRACT_HEADER,
  CHAIN_REQUEST_ID_HEADER,
  CONTRACT_HEADER,
  DEADLINE_HEADER,
  IDEMPOTENCY_HEADER,
  REQUEST_ID_HEADER,
  STREAM_HEADER,
]);

function addHeaders(headers: Record<string, string>, own: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(own)) {
    const key = name.toLowerCase();
    if (RESERVED.has(key)) {
      throw new ChainsError("USAGE", `The header ${name} of a call belongs to the protocol.`, {
        fix: "Use a name of your own.",
      });
    }
    headers[key] = value;
  }
}
