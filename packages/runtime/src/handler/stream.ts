import { ChainsError } from "@truss-chains/errors";
import { type Codec, encodeStream, jsonCodec, runInRequestScope, type WireRequest } from "@truss-chains/rpc";
import type { Answer } from "./answer.ts";
import type { HandlerOptions } from "./create-handler.ts";
import { endpointFailure } from "./failure.ts";
import { gatherText } from "./gather.ts";
import { limitItems } from "./items.ts";
import type { ServedRequest } from "./request.ts";
import { tellFailure } from "./tell-failure.ts";
import { validateOutput } from "./validate.ts";
import { whenEnded } from "./when-ended.ts";

/**
 * The stream that an endpoint returned, as an answer. Resolves once its first item can be sent, so that a failure before
 * that is answered like that of a plain endpoint. The request is closed when the stream ends.
 *
 * @throws what the endpoint threw before its first item, and what is wrong with that item.
 */
export async function answerStream(
  options: HandlerOptions,
  codec: Codec,
  wire: WireRequest,
  request: ServedRequest,
  result: unknown,
): Promise<Answer> {
  const { chainlet, secrets } = options;
  const schema = chainlet.endpoint.kind === "stream" ? chainlet.endpoint.item : undefined;
  const validate = (item: unknown) => (schema ? validateOutput(chainlet.name, schema, item) : item);
  const items = limitItems(asStream(chainlet.name, result), {
    signal: request.signal,
    gapMs: options.streamGapMs,
    run: (piece) => runInRequestScope(request, piece),
    chainlet: chainlet.name,
  });
  if (wantsOneString(wire.headers)) {
    const text = await gatherText(items, validate);
    request.close();
    return { status: 200, headers: { "content-type": jsonCodec.contentType }, body: jsonCodec.encode(text) };
  }
  const stream = await encodeStream(items, {
    requestHeaders: wire.headers,
    codec,
    ...(schema && { validate }),
    onError: (error) => {
      // The server reads the stream, on its own behalf.
      runInRequestScope(request, () =>
        tellFailure(options, request, error, "failed after its stream had begun"),
      );
      return endpointFailure(error, secrets());
    },
  });
  return { status: 200, headers: stream.headers, body: whenEnded(stream.body, () => request.close()) };
}

function asStream(chainlet: string, result: unknown): AsyncIterable<unknown> {
  if (typeof result === "object" && result !== null && Symbol.asyncIterator in result) {
    return result as AsyncIterable<unknown>;
  }
  throw new ChainsError(
    "OUTPUT_INVALID_TYPE",
    `${chainlet}.runRemote returned no stream, but its endpoint declares one.`,
    {
      fix: "Write async *runRemote(), or return an AsyncIterable.",
      location: { className: chainlet, member: "runRemote" },
    },
  );
}

/** The Python server's rule: a client that accepts nothing but JSON gets the whole stream as one JSON string. */
function wantsOneString({ accept, "user-agent": agent = "" }: WireRequest["headers"]): boolean {
  return accept === "application/json" && !agent.toLowerCase().includes("openai");
}
