import { createInterface, type Interface } from "node:readline";
import type { ChainDeployment } from "@truss-chains/baseten";
import type { WebSocketConnection } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { parseJson, readInput } from "../json-input.ts";
import type { Terminal } from "../output/terminal.ts";
import { unlessInterrupted, untilInterrupted } from "./until-interrupted.ts";

type Socket = WebSocketConnection<unknown, unknown>;
type ReadMessage = (text: string) => unknown;

/**
 * Sends messages to an entrypoint that is a WebSocket, and prints those that come, one a line, until the chain closes it
 * or the person ends it. `--input` is one message; `--input -`, and a terminal, send each line as a message.
 */
export async function talk(
  deployment: ChainDeployment,
  input: string | undefined,
  terminal: Terminal,
): Promise<void> {
  const { schemas, url } = deployment;
  const isText = schemas?.kind !== "websocket" || schemas.receive.type === "string";
  const toMessage: ReadMessage = isText ? (text) => text : (text) => parseJson(text, "The message");
  const isOneMessage = input !== undefined && input !== "-";
  const message = isOneMessage ? toMessage(await readInput(input)) : undefined;
  const signal = untilInterrupted();
  const socket: Socket = await deployment
    .runRemote({ signal })
    .catch((thrown: unknown) => unlessInterrupted(signal, "The call was stopped.", thrown));
  terminal.note(`Connected to ${url}. Ctrl-C ends it.`);
  const hasLines = input === "-" || (input === undefined && process.stdin.isTTY);
  const lines = hasLines ? createInterface({ input: process.stdin }) : undefined;
  const sending = isOneMessage
    ? socket.send(message)
    : lines && sendLines(lines, socket, toMessage, terminal);
  const printing = printAll(socket, terminal).finally(() => lines?.close());
  await Promise.all([sending?.catch((thrown) => closeAndThrow(socket, thrown)), printing]);
  if (!signal.aborted) throwUnlessDone(socket, url);
}

async function sendLines(
  lines: Interface,
  socket: Socket,
  toMessage: ReadMessage,
  terminal: Terminal,
): Promise<void> {
  const isTyped = process.stdin.isTTY;
  for await (const line of lines) {
    if (line === "" || socket.signal.aborted) continue;
    try {
      await socket.send(toMessage(line));
    } catch (thrown) {
      // Who types may type it again.
      if (!isTyped || !(thrown instanceof ChainsError) || thrown.code !== "INPUT_NOT_JSON") throw thrown;
      terminal.warn(thrown.message);
    }
  }
  if (isTyped) await socket.close();
}

async function printAll(socket: Socket, { json }: Terminal): Promise<void> {
  for await (const message of socket) {
    if (message instanceof Uint8Array && !json) process.stdout.write(message);
    else process.stdout.write(`${textOf(message, json)}\n`);
  }
}

function textOf(message: unknown, json: boolean): string {
  if (typeof message === "string" && !json) return message;
  return JSON.stringify(message instanceof Uint8Array ? Buffer.from(message).toString("base64") : message);
}

async function closeAndThrow(socket: Socket, thrown: unknown): Promise<never> {
  await socket.close();
  throw thrown;
}

// Normal, going away, and none given.
const GOOD_ENDS: ReadonlySet<unknown> = new Set([1000, 1001, 1005]);

function throwUnlessDone(socket: Socket, url: string): void {
  const { message, data } = socket.signal.reason as ChainsError;
  if (GOOD_ENDS.has((data as { code?: number }).code)) return;
  throw new ChainsError("INVOCATION_FAILED", `${url}: ${message}`, {
    fix: "Look at the messages that were sent, and at the logs with chains logs.",
    data,
  });
}
