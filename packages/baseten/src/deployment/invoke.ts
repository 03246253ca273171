import type { CallOptions } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import type { Baseten } from "../api/baseten.ts";
import { refusedKey } from "../api/refusal.ts";

/** A chain may have to wake up first, and then think. */
const TIMEOUT_MS = 600_000;

/** Calls a deployed entrypoint, over JSON. */
export function invoke(
  baseten: Baseten,
  url: string,
  endpoint: "unary" | "stream" | "websocket",
  input: unknown,
  options: CallOptions = {},
): Promise<unknown> | AsyncIterable<string> {
  if (endpoint === "websocket") {
    throw new ChainsError("USAGE", "The entrypoint is a WebSocket, which is not called this way.", {
      fix: `Connect to ${url} with the header Authorization: Api-Key …`,
    });
  }
  return endpoint === "stream"
    ? invokeAsText(baseten, url, input, options)
    : result(baseten, url, input, options);
}

async function result(baseten: Baseten, url: string, input: unknown, options: CallOptions): Promise<unknown> {
  const answer = await open(baseten, url, input, options);
  const text = await answer.body.text();
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch (thrown) {
    throw new ChainsError("INVOCATION_FAILED", `The answer is not JSON: ${excerpt(text)}`, { cause: thrown });
  }
}

/** The text of the answer as it comes. */
export async function* invokeAsText(
  baseten: Baseten,
  url: string,
  input: unknown,
  options: CallOptions = {},
): AsyncIterable<string> {
  const { body } = await open(baseten, url, input, options);
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}

async function open({ http, account }: Baseten, url: string, input: unknown, options: CallOptions) {
  const { timeoutMs = TIMEOUT_MS, signal, headers } = options;
  const answer = await http.stream({
    method: "POST",
    url,
    body: input ?? {},
    safe: false,
    timeoutMs,
    ...(signal && { signal }),
    ...(headers && { headers }),
  });
  if (answer.statusCode < 400) return answer;
  const text = account.apiKey.redact(await answer.body.text());
  if (answer.statusCode === 401) throw refusedKey(account.name, 401);
  throw new ChainsError(
    "INVOCATION_FAILED",
    `${url} answered with status ${answer.statusCode}: ${excerpt(text)}`,
    {
      fix: answer.statusCode < 500 ? "Look at the input." : "Look at the logs with chains logs.",
      data: { status: answer.statusCode, body: text },
    },
  );
}

const LONGEST = 500;

function excerpt(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text || "(nothing)";
}
