import type { MessagePort } from "node:worker_threads";
import type { FileHashing } from "../hashing/hash-service.ts";
import { LocalHashService } from "../hashing/local-hash-service.ts";
import { ReadFault } from "../read/fault.ts";
import { SocketReader } from "../read/socket-reader.ts";
import type { HasherReply, HasherRequest, ReaderReply, ReaderRequest, ThreadRole } from "./messages.ts";

/** Makes the current thread a reader or a hasher. */
export function serveThread(role: ThreadRole, port: MessagePort): void {
  if (role === "reader") serveReader(port);
  else serveHasher(port);
}

function serveReader(port: MessagePort): void {
  const reader = new SocketReader();
  const reply = (message: ReaderReply) => port.postMessage(message);
  port.on("message", async (request: ReaderRequest) => {
    if (request.type === "close") {
      await reader.close();
      port.close();
      return;
    }
    const { job } = request;
    const { id } = job;
    // Progress waits for the end of the turn: the last one goes along with the result, and a small file is one message.
    let written: number | null = null;
    let telling: NodeJS.Immediate | undefined;
    const tell = () => {
      telling = undefined;
      reply({ type: "progress", id, written: written! });
      written = null;
    };
    try {
      const result = await reader.read(job, (offset) => {
        written = offset;
        telling ??= setImmediate(tell);
      });
      clearImmediate(telling);
      reply({ type: "done", id, written, result });
    } catch (error) {
      clearImmediate(telling);
      const { fault, etag } = ReadFault.network(error);
      reply({ type: "fault", id, written, fault, etag });
    }
  });
}

function serveHasher(port: MessagePort): void {
  const service = new LocalHashService();
  const files = new Map<number, FileHashing>();
  const reply = (message: HasherReply) => port.postMessage(message);
  port.on("message", async (request: HasherRequest) => {
    const { id } = request;
    if (request.type === "open") {
      files.set(id, service.open(request));
      return;
    }
    const file = files.get(id)!;
    if (request.type === "advance") {
      file.advance(request.offset);
      return;
    }
    files.delete(id);
    try {
      if (request.type === "finish") reply({ type: "digest", id, digest: await file.finish() });
      else await file.abandon().then(() => reply({ type: "abandoned", id }));
    } catch (error) {
      reply({ type: "fault", id, fault: ReadFault.disk(error).fault });
    }
  });
}
