import { z } from "zod";
import { YamlMap } from "../dialect/values.ts";
import { isRecord, type PlainRecord } from "../record.ts";
import { Fault, quote } from "../rules/fault.ts";
import { describe, report } from "./fault.ts";
import { jsonSchemas } from "./json-schemas.ts";
import { readerOf, schemaOf } from "./reader.ts";
import { choice, decimal } from "./scalar.ts";
import { section } from "./section.ts";

const http = section({ kind: choice(["http"]).default("http") }, { unknown: "drop" });
const websocket = section(
  {
    kind: choice(["websocket"]).default("websocket"),
    ping_interval_seconds: decimal.nullable().default(null).describe("Seconds between pings."),
    ping_timeout_seconds: decimal.nullable().default(null).describe("Seconds to wait for a pong."),
  },
  { unknown: "drop" },
);
const grpc = section({ kind: choice(["grpc"]).default("grpc") }, { unknown: "drop" });

export type HttpTransport = z.output<typeof http>;
export type WebsocketTransport = z.output<typeof websocket>;
export type GrpcTransport = z.output<typeof grpc>;
/** How callers talk to the server. */
export type Transport = HttpTransport | WebsocketTransport | GrpcTransport;

const kinds = { http, websocket, grpc } as const;
export const TRANSPORT_KINDS = Object.keys(kinds) as readonly (keyof typeof kinds)[];

export const transport = schemaOf((raw, findings): Transport => {
  const options = raw instanceof YamlMap ? Object.fromEntries(raw.entries) : raw;
  if (!isRecord(options)) {
    report(
      findings,
      new Fault(`Expected a mapping, but got ${describe(raw)}.`, "Write it as `{kind: http}`."),
    );
    return z.NEVER;
  }
  const kind = Object.keys(options).length === 0 ? "http" : options.kind;
  const schema = TRANSPORT_KINDS.find((known) => known === kind);
  if (schema === undefined) {
    report(findings, unknownKind(options), "kind" in options ? ["kind"] : []);
    return z.NEVER;
  }
  return readerOf<Transport>(kinds[schema])(options, findings);
});
jsonSchemas.add(transport, { oneOf: [http, websocket, grpc] as never });

export function websocketDefaults(): WebsocketTransport {
  return websocket.parse({});
}

function unknownKind(raw: PlainRecord): Fault {
  const fix = `Use one of ${TRANSPORT_KINDS.join(", ")}.`;
  if (!("kind" in raw)) return new Fault("The transport does not say its `kind`.", fix);
  const { kind } = raw;
  return new Fault(
    `${typeof kind === "string" ? quote(kind) : describe(kind)} is not a kind of transport.`,
    fix,
  );
}
