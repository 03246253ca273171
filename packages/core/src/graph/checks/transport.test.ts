import { expect, test } from "vitest";
import { z } from "zod";
import {
  Chainlet,
  ChainletBase,
  ChainletOptions,
  depends,
  endpoint,
  type Remote,
  RemoteConfig,
  Transport,
} from "../../index.ts";
import type { WebSocketConnection } from "../../types/websocket.ts";
import { checkChain } from "../check-chain.ts";
import type { CheckedClass } from "./report.ts";

const problemsOf = (cls: CheckedClass) => checkChain(cls).map(({ code, message }) => `${code}: ${message}`);
const over = (kind: Transport["kind"]) => ({
  remoteConfig: new RemoteConfig({ options: new ChainletOptions({ transport: new Transport({ kind }) }) }),
});

function socket(kind: Transport["kind"]): CheckedClass {
  @Chainlet(over(kind))
  class Chat extends ChainletBase {
    @endpoint({ receive: z.string(), send: z.string() })
    async runRemote(_socket: WebSocketConnection<string, string>) {}
  }
  return Chat;
}

function unary(kind: Transport["kind"]): CheckedClass {
  @Chainlet(over(kind))
  class Search extends ChainletBase {
    @endpoint()
    async runRemote() {}
  }
  return Search;
}

test("a transport that agrees with the endpoint is accepted", () => {
  expect([...problemsOf(socket("websocket")), ...problemsOf(unary("http"))]).toEqual([]);
});

test.each(["http", "grpc"] as const)("a WebSocket endpoint over %s is refused", (kind) => {
  expect(problemsOf(socket(kind))).toEqual([
    `CHAINLET_TRANSPORT_MISMATCH: The endpoint is a WebSocket, but options.transport is "${kind}".`,
  ]);
});

test("a WebSocket endpoint in worker threads is refused", () => {
  @Chainlet({ remoteConfig: new RemoteConfig({ options: new ChainletOptions({ workerThreads: 2 }) }) })
  class Chat extends ChainletBase {
    @endpoint({ receive: z.string(), send: z.string() })
    async runRemote(_socket: WebSocketConnection<string, string>) {}
  }
  expect(problemsOf(Chat)).toEqual([
    "CHAINLET_TRANSPORT_MISMATCH: The endpoint is a WebSocket, which cannot be handed to threads, but options.workerThreads is 2.",
  ]);
});

test("a plain endpoint over a WebSocket transport is refused", () => {
  expect(problemsOf(unary("websocket"))).toEqual([
    'CHAINLET_TRANSPORT_MISMATCH: options.transport is "websocket", but the endpoint is not a WebSocket.',
  ]);
});

test("gRPC is left to custom servers", () => {
  expect(checkChain(unary("grpc"))).toMatchObject([
    { code: "CHAINLET_TRANSPORT_MISMATCH", fix: "Remove the transport, or use a DockerServerChainlet." },
  ]);
});

test("only the entrypoint may have a WebSocket", () => {
  @Chainlet()
  class Chat extends ChainletBase {
    @endpoint({ receive: z.string(), send: z.string() })
    async runRemote(_socket: WebSocketConnection<string, string>) {}
  }
  @Chainlet()
  class Search extends ChainletBase {
    constructor(@depends(Chat) readonly chat: Remote<Chat>) {
      super();
    }
    @endpoint()
    async runRemote() {}
  }
  expect(problemsOf(Chat)).toEqual([]);
  expect(problemsOf(Search)).toEqual([
    "DEPENDENCY_WEBSOCKET: @depends of constructor parameter 1 is Chat, whose endpoint is a WebSocket.",
  ]);
});
