import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { type DocumentNode, execute, GraphQLError, parse, validate } from "graphql";
import { Platform } from "./platform.ts";
import { BUCKET, rootOf } from "./resolvers.ts";
import { answerRest } from "./rest.ts";
import { S3Server } from "./s3/s3-server.ts";
import { schema } from "./schema.ts";
import { Upstream } from "./upstream.ts";

/** A request as it came. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
  /** The first field of a GraphQL operation. */
  readonly operation: string | undefined;
}

/**
 * What goes wrong with a request: it is answered otherwise, or the connection is lost or falls silent, before it has an
 * effect or after it had one; or it is taken care of only when something else has happened.
 */
export type Trouble =
  | { readonly status: number; readonly body?: string }
  | { readonly graphqlError: string; readonly code?: string }
  | { readonly lose: "before" | "after" }
  | { readonly halfAnAnswer: true }
  | { readonly silence: "before" | "after" }
  | { readonly until: Promise<void> };

/** How a deployed chain answers. */
export type Invocation = (path: string, body: string, response: ServerResponse) => void;

/** Baseten, as far as deploying chains goes, with a real S3 beside it. GraphQL is checked against a schema. */
export class FakeBaseten implements AsyncDisposable {
  readonly s3: S3Server;
  readonly platform: Platform;
  readonly requests: Recorded[] = [];
  readonly apiKey = "test.key1234567890";
  /** Asked about every request. */
  trouble: (request: Recorded) => Trouble | undefined = () => undefined;
  invoke: Invocation = (_, __, response) => response.writeHead(404).end();
  readonly #upstream = new Upstream();
  readonly #server: Server;

  private constructor(s3: S3Server) {
    this.s3 = s3;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on("upgrade", (request, socket) => {
      if (this.#isKnown(request.headers.authorization)) this.#upstream.upgrade(request, socket);
      else socket.end("HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n");
    });
    this.platform = new Platform(
      (key) => s3.bucket(BUCKET).objects.has(key),
      (kind, id) => `${this.url}/${kind}-${id}.host`,
    );
  }

  static async start(): Promise<FakeBaseten> {
    const fake = new FakeBaseten(await S3Server.start());
    await new Promise<void>((done) => fake.#server.listen(0, "127.0.0.1", done));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Lets a server answer what is called of deployed chains. @param origin of a chainlet's server. */
  serveFrom(origin: string): void {
    this.#upstream.origin = origin;
  }

  /** The operations that came, in order. */
  get operations(): string[] {
    return this.requests.map(({ operation, method, path }) => operation ?? `${method} ${path}`);
  }

  /** What was uploaded for a key. */
  archive(key: string): Buffer {
    return this.s3.bucket(BUCKET).objects.get(key)!;
  }

  /** Writes what a person's home needs to come here instead of Baseten: accounts, and the S3 endpoint. */
  async writeHome(home: string): Promise<void> {
    await mkdir(dirname(join(home, ".aws/config")), { recursive: true });
    await writeFile(
      join(home, ".aws/config"),
      `[default]\nregion = ${this.s3.region}\nendpoint_url = ${this.s3.url}\n`,
    );
    await writeFile(
      join(home, ".trussrc"),
      `[fake]\nremote_provider = baseten\nremote_url = ${this.url}\nrest_api_url = ${this.url}\nauth_type = api_key\napi_key = ${this.apiKey}\n`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
    await this.s3[Symbol.asyncDispose]();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!;
    if (this.#upstream.serves(path)) {
      if (this.#isKnown(request.headers.authorization)) this.#upstream.request(request, response);
      else response.writeHead(401).end();
      return;
    }
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    if (/^\/(chain|model)-\w+\.host\//.test(path)) return this.invoke(path, text, response);
    const body = text === "" ? {} : JSON.parse(text);
    const recorded: Recorded = {
      method: request.method!,
      path,
      authorization: request.headers.authorization,
      body,
      operation: path === "/graphql/" ? operationOf(String(body.query)) : undefined,
    };
    this.requests.push(recorded);
    const trouble = this.trouble(recorded);
    if (trouble && "until" in trouble) await trouble.until;
    if (trouble && "silence" in trouble && trouble.silence === "before") return;
    if (trouble && "lose" in trouble && trouble.lose === "before")
      return request.socket.resetAndDestroy() as never;
    if (trouble && "status" in trouble) return send(response, trouble.status, trouble.body ?? "oops");
    if (trouble && "graphqlError" in trouble) {
      const extensions = { code: trouble.code ?? "INTERNAL" };
      return send(
        response,
        200,
        JSON.stringify({ data: null, errors: [{ message: trouble.graphqlError, extensions }] }),
      );
    }
    const answer = this.#answer(recorded);
    if (trouble && "silence" in trouble) return;
    if (trouble && "lose" in trouble) return request.socket.resetAndDestroy() as never;
    const json = JSON.stringify(answer.body);
    if (trouble && "halfAnAnswer" in trouble) {
      response.writeHead(200, { "content-length": json.length });
      response.write(json.slice(0, json.length / 2), () => request.socket.destroy());
      return;
    }
    send(response, answer.status, json);
  }

  #isKnown(authorization: string | undefined): boolean {
    return authorization === `Api-Key ${this.apiKey}` || authorization === `Bearer ${this.apiKey}`;
  }

  #answer({ method, path, authorization, body }: Recorded): { status: number; body: unknown } {
    if (!this.#isKnown(authorization)) return { status: 401, body: { message: "Invalid API key" } };
    if (path !== "/graphql/") return answerRest(this.platform, method, path, body);
    return {
      status: 200,
      body: this.#graphql(String(body.query), (body.variables ?? {}) as Record<string, unknown>),
    };
  }

  #graphql(query: string, variables: Record<string, unknown>): unknown {
    try {
      const document = parse(query);
      const errors = [...validate(schema, document), ...undeclared(document, variables)];
      if (errors.length > 0) return { errors };
      return execute({
        schema,
        document,
        rootValue: rootOf(this.platform, this.s3),
        variableValues: variables,
      });
    } catch (thrown) {
      if (thrown instanceof GraphQLError) return { errors: [thrown] };
      throw thrown;
    }
  }
}

function operationOf(query: string): string | undefined {
  const [definition] = parse(query).definitions;
  const [selection] = definition?.kind === "OperationDefinition" ? definition.selectionSet.selections : [];
  return selection?.kind === "Field" ? selection.name.value : undefined;
}

function undeclared(document: DocumentNode, variables: Record<string, unknown>): GraphQLError[] {
  const [definition] = document.definitions;
  const declared = definition?.kind === "OperationDefinition" ? (definition.variableDefinitions ?? []) : [];
  const names = declared.map(({ variable }) => variable.name.value);
  return Object.keys(variables)
    .filter((name) => !names.includes(name))
    .map((name) => new GraphQLError(`The operation has no variable ${name}.`));
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}
