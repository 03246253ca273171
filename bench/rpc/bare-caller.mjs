// What undici can do with a bare server, in a process that does nothing else: `node bare-caller.mjs HTTP_PORT
// SOCKET_PORT`. For each line `CLIENT MEASURE KIND CONCURRENCY COUNT` it answers with a number, as the chain does.
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { Pool } from "undici";
import { latency, throughput } from "./measure.mjs";
import { payloads } from "./payloads.mjs";

const JSON_HEADERS = { "content-type": "application/json" };
const [http, socket] = process.argv.slice(2);
const pool = new Pool(`http://127.0.0.1:${http}`, { connections: 128 });

const requestOf = (value) => ({
  path: "/",
  method: "POST",
  headers: JSON_HEADERS,
  body: JSON.stringify(value),
});

async function request(value) {
  const { body } = await pool.request(requestOf(value));
  return body.json();
}

function dispatch(value) {
  return new Promise((resolve, reject) => {
    const pieces = [];
    pool.dispatch(requestOf(value), {
      onRequestStart() {},
      onResponseStart() {},
      onResponseData: (_, piece) => pieces.push(piece),
      onResponseEnd: () => resolve(JSON.parse(Buffer.concat(pieces).toString())),
      onResponseError: (_, error) => reject(error),
    });
  });
}

function pipe() {
  return new Promise((resolve, reject) => {
    connect(socket, "127.0.0.1").on("end", resolve).on("error", reject).resume();
  });
}

const clients = { request, dispatch, pipe };
const measures = { latency, throughput };

for await (const line of createInterface({ input: process.stdin })) {
  const [client, measure, kind, concurrency, count] = line.split(" ");
  const load = { concurrency: Number(concurrency), count: Number(count) };
  const value = payloads[kind]();
  console.log(await measures[measure](() => clients[client](value), load));
}
