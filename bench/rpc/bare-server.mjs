// The least that a JSON service can be, and the least that a stream can be: `node bare-server.mjs http|socket`, on PORT.
import { createServer } from "node:http";
import { createServer as createSocketServer } from "node:net";
import { STREAM_ITEMS, streamItem } from "./payloads.mjs";

function echo(request, response) {
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    const value = JSON.parse(Buffer.concat(pieces).toString());
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  });
}

async function pipe(socket) {
  socket.on("error", () => socket.destroy());
  for (let n = 0; n < STREAM_ITEMS && !socket.destroyed; n++) {
    if (!socket.write(streamItem(n))) await new Promise((resolve) => socket.once("drain", resolve));
  }
  socket.end();
}

const server = process.argv[2] === "http" ? createServer(echo) : createSocketServer(pipe);
server.listen(Number(process.env.PORT), "127.0.0.1");
