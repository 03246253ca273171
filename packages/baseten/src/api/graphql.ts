import { ChainsError } from "@truss-chains/errors";
import { z } from "zod";
import { readAnswer } from "./answer.ts";
import type { Http } from "./http.ts";
import { redirected, refusedKey, rejected } from "./refusal.ts";

const envelope = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        extensions: z.object({ code: z.string().nullish(), description: z.string().nullish() }).nullish(),
      }),
    )
    .nullish(),
});

const TIMEOUT_MS = 120_000;

/** GraphQL of the web application: `POST <remote url>/graphql/`. */
export class GraphQL {
  readonly #http: Http;
  readonly #url: string;
  readonly #account: string;

  constructor(http: Http, remoteUrl: string, account: string) {
    this.#http = http;
    this.#url = `${remoteUrl}/graphql/`;
    this.#account = account;
  }

  /**
   * Runs one operation.
   *
   * @param text A query may be sent several times, a mutation is sent once.
   * @param schema Of `data`.
   * @throws ChainsError `API_REJECTED` with the service's own words, `API_KEY_REFUSED`, `API_FAILED`.
   */
  async run<T>(
    text: string,
    schema: z.ZodType<T>,
    variables?: Readonly<Record<string, string | null>>,
  ): Promise<T> {
    const isMutation = /^\s*mutation\b/.test(text);
    const name = /(?:\{|\n)\s*(\w+)/.exec(text.slice(text.indexOf("{")))?.[1] ?? "a query";
    const { status, text: answer } = await this.#http.send({
      method: "POST",
      url: this.#url,
      body: { query: text, ...(variables && { variables }) },
      safe: !isMutation,
      timeoutMs: TIMEOUT_MS,
    });
    if (status === 401 || status === 403) throw refusedKey(this.#account, status);
    if (status >= 300 && status < 400) throw redirected(name, status);
    if (status >= 400) throw rejected(name, status, answer);
    const { data, errors } = readAnswer(envelope, answer, name);
    const [error] = errors ?? [];
    if (error) {
      throw new ChainsError(
        "API_REJECTED",
        `Baseten rejects ${name}: ${error.extensions?.description ?? error.message}`,
        {
          data: { code: error.extensions?.code ?? null, operation: name },
        },
      );
    }
    return readAnswer(schema, JSON.stringify(data ?? null), name);
  }
}

/** A GraphQL string literal. JSON's escapes are GraphQL's. */
export function literal(text: string): string {
  return JSON.stringify(text);
}
