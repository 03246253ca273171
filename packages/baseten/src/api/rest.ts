import type { z } from "zod";
import { readAnswer } from "./answer.ts";
import type { Http, HttpRequest } from "./http.ts";
import { redirected, refusedKey, rejected } from "./refusal.ts";

const TIMEOUT_MS = 60_000;

/** The REST API. Paths begin with `/v1/`. */
export class Rest {
  readonly #http: Http;
  readonly #base: string;
  readonly #account: string;

  constructor(http: Http, restUrl: string, account: string) {
    this.#http = http;
    this.#base = restUrl;
    this.#account = account;
  }

  get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.#run("GET", path, schema, { safe: true });
  }

  /** @param options.safe Whether sending it twice does no harm, as for a POST that only asks. */
  post<T>(path: string, body: unknown, schema: z.ZodType<T>, { safe = false } = {}): Promise<T> {
    return this.#run("POST", path, schema, { body, safe });
  }

  delete<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.#run("DELETE", path, schema, { safe: false });
  }

  async #run<T>(
    method: HttpRequest["method"],
    path: string,
    schema: z.ZodType<T>,
    rest: Pick<HttpRequest, "body" | "safe">,
  ): Promise<T> {
    const url = `${this.#base}${path}`;
    const { status, text } = await this.#http.send({ method, url, ...rest, timeoutMs: TIMEOUT_MS });
    const what = `${method} ${path}`;
    if (status === 401 || status === 403) throw refusedKey(this.#account, status);
    if (status >= 300 && status < 400) throw redirected(what, status);
    if (status >= 400) throw rejected(what, status, text);
    return readAnswer(schema, text === "" ? "{}" : text, what);
  }
}
