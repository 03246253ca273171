import type { ChainsError } from "@truss-chains/errors";
import { type ErrorExtras, readExtras, reviveError } from "./error-extras.ts";
import { markAsRemote } from "./origin.ts";
import { RemoteError } from "./remote-error.ts";
import { isRemoteErrorDetail, type RemoteErrorDetail } from "./remote-error-detail.ts";
import { formatRemoteTree } from "./remote-tree.ts";

/** An answer with a status of 400 or more. */
export interface ErrorResponse {
  /** Class name of the chainlet that was called. */
  readonly dependency: string;
  readonly status: number;
  readonly body: Uint8Array;
  /** The trace context that the call carried. */
  readonly traceparent: string;
}

const EXCERPT_CHARACTERS = 300;

/**
 * The error to raise for an answer. It is a `RemoteError`, or one of our own classes with the `RemoteError` as its cause,
 * when that is what the callee raised (a Python `HTTPException` counts as `HttpError`).
 */
export function fromErrorResponse(response: ErrorResponse): ChainsError {
  const { dependency, status, traceparent } = response;
  const base = `Error calling dependency Chainlet \`${dependency}\`, HTTP status=${status}, trace ID=\`${traceparent}\`.`;
  const { error, chains } = readBody(response.body);
  const detail = isRemoteErrorDetail(error) ? error : undefined;
  const origin = new RemoteError(messageOf(base, error, response.body), {
    dependency,
    status,
    remote: detail,
  });
  const extras = readExtras(chains) ?? extrasOfPython(detail);
  if (!extras || extras.code === "REMOTE_ERROR") return origin;
  const revived = reviveError(origin.message, extras, origin);
  markAsRemote(revived, origin);
  return revived;
}

function readBody(body: Uint8Array): { readonly error?: unknown; readonly chains?: unknown } {
  try {
    const value = JSON.parse(text(body));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    // Gateways answer in HTML or plain text; the message then shows the text.
    return {};
  }
}

function messageOf(base: string, error: unknown, body: Uint8Array): string {
  if (isRemoteErrorDetail(error)) return formatRemoteTree(base, error);
  if (typeof error === "string") return `${base}: '${error}'`;
  if (body.byteLength === 0) return `${base} The answer was empty.`;
  const whole = text(body).trim();
  const excerpt = whole.length > EXCERPT_CHARACTERS ? `${whole.slice(0, EXCERPT_CHARACTERS)}…` : whole;
  return `${base} The answer was not one of a chainlet: ${excerpt}`;
}

function extrasOfPython(detail: RemoteErrorDetail | undefined): ErrorExtras | undefined {
  const isHttp =
    detail?.exception_cls_name === "HTTPException" &&
    /^(fastapi|starlette)\./.test(detail.exception_module_name ?? "");
  return isHttp ? { code: "HTTP_ERROR" } : undefined;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
