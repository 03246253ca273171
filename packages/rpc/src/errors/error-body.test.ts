import { ChainsError } from "@truss-chains/errors";
import { expect, test } from "vitest";
import { toErrorBody } from "./error-body.ts";
import { fromErrorResponse } from "./error-response.ts";
import { HttpError } from "./http-error.ts";
import { NonRetryableError } from "./non-retryable-error.ts";
import { RemoteError } from "./remote-error.ts";
import type { RemoteFrame } from "./remote-error-detail.ts";

const frame = (lineno: number, name: string, line: string): RemoteFrame => ({
  filename: "/packages/c.py",
  lineno,
  name,
  line,
});

/** What a caller raises when the callee answers with this error. */
function throughWire(error: unknown, dependency = "Embed", frames: readonly RemoteFrame[] = []): ChainsError {
  const { status, body } = toErrorBody(error, { frames });
  return fromErrorResponse({ dependency, status, body: Buffer.from(body), traceparent: "TID" });
}

test("the body has the four keys that Python callers require", () => {
  const { status, headers, body } = toErrorBody(new TypeError("not a number"), {
    frames: [frame(3, "runRemote", "x")],
  });
  expect(status).toBe(500);
  expect(headers).toEqual({
    "content-type": "application/json",
    "x-baseten-error-source": "04",
    "x-baseten-error-code": "600",
  });
  expect(JSON.parse(body)).toEqual({
    error: {
      exception_cls_name: "TypeError",
      exception_module_name: null,
      exception_message: "not a number",
      user_stack_trace: [{ filename: "/packages/c.py", lineno: 3, name: "runRemote", line: "x" }],
    },
  });
});

test("errors nest hop by hop, the root at the bottom", () => {
  const inner = fromErrorResponse({
    dependency: "TextReplicator",
    status: 500,
    traceparent: "TID",
    body: Buffer.from(
      JSON.stringify({
        error: {
          exception_cls_name: "ValueError",
          exception_module_name: null,
          exception_message: "This input is too long: 100.",
          user_stack_trace: [
            frame(52, "run_remote", "validate(data)"),
            frame(36, "validate", "raise ValueError(...)"),
          ],
        },
      }),
    ),
  });
  const outer = throughWire(inner, "TextToNum", [frame(87, "run_remote", "t = self._r.run_remote(d)")]);
  expect(outer.message).toBe(`(showing chained remote errors, root error at the bottom)
├─ Error calling dependency Chainlet \`TextToNum\`, HTTP status=500, trace ID=\`TID\`.
│   Chainlet-Traceback (most recent call last):
│     File "/packages/c.py", line 87, in run_remote
│       t = self._r.run_remote(d)
│   ValueError: (showing chained remote errors, root error at the bottom)
│   ├─ Error calling dependency Chainlet \`TextReplicator\`, HTTP status=500, trace ID=\`TID\`.
│   │   Chainlet-Traceback (most recent call last):
│   │     File "/packages/c.py", line 52, in run_remote
│   │       validate(data)
│   │     File "/packages/c.py", line 36, in validate
│   │       raise ValueError(...)
╰   ╰   ValueError: This input is too long: 100.`);
  expect((outer as RemoteError).remote?.exception_cls_name).toBe("ValueError");
});

test("an HTTP error keeps its status and data across three hops", () => {
  const root = new HttpError(404, "There is no document 7.", { data: { id: 7 }, retryAfterSec: 2.5 });
  expect(toErrorBody(root).headers["retry-after"]).toBe("3");
  const arrived = throughWire(throughWire(throughWire(root, "Store"), "Search"), "Front");
  expect(arrived).toBeInstanceOf(HttpError);
  expect(arrived).toMatchObject({ code: "HTTP_ERROR", status: 404, data: { id: 7 }, retryAfterSec: 2.5 });
  expect(arrived.message).toContain("HTTPException: There is no document 7.");
  expect(arrived.cause).toBeInstanceOf(RemoteError);
});

test("Python's HTTPException is an HttpError here", () => {
  const error = {
    exception_cls_name: "HTTPException",
    exception_module_name: "fastapi.exceptions",
    exception_message: "422: bad",
    user_stack_trace: [],
  };
  const body = Buffer.from(JSON.stringify({ error }));
  const arrived = fromErrorResponse({ dependency: "Py", status: 422, body, traceparent: "" });
  expect(arrived).toBeInstanceOf(HttpError);
  expect(arrived).toMatchObject({ status: 422 });
});

test("an error that must not be retried stays one", () => {
  expect(throughWire(throughWire(new NonRetryableError("No credit.")))).toBeInstanceOf(NonRetryableError);
});

test("our own errors keep code, fix and data; the cause stays behind", () => {
  const error = new ChainsError("WEIGHTS_MOUNT_UNKNOWN", "Nothing is mounted there.", {
    fix: "Mount it.",
    data: { path: "/x" },
    cause: new Error("internal detail"),
  });
  expect(toErrorBody(error).body).not.toContain("internal detail");
  expect(throughWire(error)).toMatchObject({
    code: "WEIGHTS_MOUNT_UNKNOWN",
    fix: "Mount it.",
    data: { path: "/x" },
  });
});

test("a rejected input is a plain text for Python, and has its problems for us", () => {
  const error = ChainsError.fromProblems("INPUT_INVALID", "The input does not fit.", [
    {
      code: "INPUT_INVALID",
      severity: "error",
      message: "must be a string",
      location: { path: ["a", "b", 0] },
    },
  ]);
  const { status, headers, body } = toErrorBody(error);
  expect([status, headers["x-baseten-error-code"]]).toEqual([400, "700"]);
  expect(JSON.parse(body).error).toBe("Input Parsing Error:\n  `a.b[0]`: must be a string");
  const arrived = throughWire(error);
  expect(arrived.code).toBe("INPUT_INVALID");
  expect(arrived.message).toBe(
    "Error calling dependency Chainlet `Embed`, HTTP status=400, trace ID=`TID`.: 'Input Parsing Error:\n  `a.b[0]`: must be a string'",
  );
  expect(arrived.problems).toHaveLength(1);
});

test("a rejection by a dependency is no rejection by its caller", () => {
  const overloaded = throughWire(new ChainsError("OVERLOADED", "Too many requests."));
  expect(overloaded.code).toBe("OVERLOADED");
  expect(toErrorBody(overloaded).status).toBe(500);
});

test("bugs of the callee are opaque", () => {
  const { status, body } = toErrorBody(
    new ChainsError("OUTPUT_INVALID_TYPE", "score was 'secret'", { data: "secret" }),
  );
  expect(status).toBe(500);
  expect(JSON.parse(body)).toEqual({
    error: "Internal server error (in model/chainlet).",
    chains: { code: "OUTPUT_INVALID_TYPE" },
  });
});

const loop: Record<string, unknown> = {};
loop.loop = loop;
test.each([
  ["a bigint", { id: 10n }, "`id` is the bigint 10, which cannot be sent."],
  ["data that contains itself", loop, expect.stringContaining("contains itself")],
  ["a function", () => 1, "The value is a function, which cannot be sent."],
  [
    "a getter that throws",
    {
      get at() {
        throw new TypeError("no");
      },
    },
    "It cannot be written as JSON.",
  ],
])("an error with %s in its data is answered all the same, and says what it leaves out", (_, data, why) => {
  const error = new HttpError(404, "There is no document.", { data });
  const { status, body } = toErrorBody(error);
  expect(status).toBe(404);
  expect(JSON.parse(body)).toMatchObject({
    error: { exception_message: "There is no document." },
    chains: { code: "HTTP_ERROR", dataOmitted: why },
  });
  const received = throughWire(error) as HttpError;
  expect(received).toMatchObject({ code: "HTTP_ERROR", status: 404 });
  expect(received.data).toBeUndefined();
});

test("an error whose message is no text is answered all the same", () => {
  const error = Object.assign(new Error(), { message: { reason: 1n } });
  expect(JSON.parse(toErrorBody(error).body).error.exception_message).toBe("{ reason: 1n }");
});

test("a thrown value that is not an Error is not shown", () => {
  expect(toErrorBody({ password: "hunter2" }).body).not.toContain("hunter2");
});

test("secrets are blanked wherever they stand", () => {
  const error = new HttpError(500, "GET https://x?key=s3cr3t-value failed with Api-Key abcdefgh.12345", {
    data: { url: "s3cr3t-value" },
  });
  const frames = [frame(1, "f", 'fetch("s3cr3t-value")')];
  const { body } = toErrorBody(error, { frames, secrets: ["s3cr3t-value"] });
  expect(body).not.toContain("s3cr3t");
  expect(body).not.toContain("abcdefgh");
});

test("a timeout is Python's TimeoutError", () => {
  const { error } = JSON.parse(toErrorBody(new ChainsError("CALL_TIMEOUT", "Too slow.")).body);
  expect(error).toMatchObject({ exception_cls_name: "TimeoutError", exception_module_name: null });
});

test("classes of users are not mistaken for Python's", () => {
  class ConnectionError extends Error {}
  const { error } = JSON.parse(toErrorBody(new ConnectionError("x")).body);
  expect(error).toMatchObject({ exception_cls_name: "ConnectionError", exception_module_name: "javascript" });
});

test.each([
  [
    "a gateway's page",
    "<html>Bad gateway</html>",
    "The answer was not one of a chainlet: <html>Bad gateway</html>",
  ],
  ["nothing", "", "The answer was empty."],
  ["other JSON", '{"detail":"x"}', 'The answer was not one of a chainlet: {"detail":"x"}'],
  ["a text error", '{"error":"model is not ready"}', ": 'model is not ready'"],
])("%s makes a RemoteError that shows it", (_, body, shown) => {
  const error = fromErrorResponse({
    dependency: "Gone",
    status: 502,
    body: Buffer.from(body),
    traceparent: "TID",
  });
  expect(error).toBeInstanceOf(RemoteError);
  expect(error).toMatchObject({ code: "REMOTE_ERROR", status: 502, dependency: "Gone", remote: undefined });
  expect(error.message).toContain(shown);
});

test("many identical frames are folded", () => {
  const error = throughWire(new Error("deep"), "Deep", new Array(10).fill(frame(5, "loop", "loop()")));
  expect(error.message.match(/in loop/g)).toHaveLength(3);
  expect(error.message).toContain("[Previous line repeated 7 more times]");
});
