import {
  compareEndpoints,
  type DependencyDescriptor,
  type EndpointContract,
  type EndpointSchemas,
  type JsonSchema,
} from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { ASK_CONTRACT_HEADER, CONTRACT_HEADER } from "../call/headers.ts";
import { markAsRemote, originOf } from "../errors/origin.ts";
import { readWhole, type Transport, type WireResponse } from "../transport.ts";
import { type Misfit, misfits } from "./misfits.ts";

/** How long a callee may take to say which schemas it serves. */
const ASK_MS = 5_000;
/** A message lists this many things; the error's `data` has all differences. */
const SHOWN = 20;

/**
 * What it means for a call that its callee serves other schemas than its caller was built against. That alone means
 * nothing, since both versions exist during a roll-out; but when an input or an answer does not fit, it is the reason,
 * and the difference is what people need to see.
 */
export class ContractSkew {
  readonly #name: string;
  readonly #built: EndpointContract;
  readonly #transport: Transport;
  /** By their hash, as the callee told. */
  #served: { readonly hash: string; readonly schemas: Promise<EndpointSchemas> } | undefined;

  constructor(name: string, built: EndpointContract, transport: Transport) {
    this.#name = name;
    this.#built = built;
    this.#transport = transport;
  }

  /** Undefined when it is not known what the caller was built against. */
  static of({ name, contract }: DependencyDescriptor, transport: Transport): ContractSkew | undefined {
    return contract && new ContractSkew(name, contract, transport);
  }

  /** The hash of the callee's schemas, when they are others; callees say so in a header of their answers. */
  servedHash(headers: WireResponse["headers"]): string | undefined {
    const hash = headers[CONTRACT_HEADER];
    return hash === this.#built.hash ? undefined : hash;
  }

  /** What the caller was built to get: an answer, or an item of a stream. */
  get #expected(): JsonSchema | null {
    const { schemas } = this.#built;
    if (schemas.kind === "websocket") return null;
    return schemas.kind === "stream" ? schemas.item : schemas.output;
  }

  /** The error of a value that does not have the shape that the caller was built for; undefined when it has. */
  misfit(value: unknown, what: "The answer" | "An item"): ChainsError | undefined {
    const expected = this.#expected;
    const found = expected ? misfits(expected, value) : [];
    return found.length > 0 ? unexpected(`${what} of ${this.#name}`, found) : undefined;
  }

  /**
   * The error of an answer that could not be read or does not fit, with the difference of the schemas. Other errors stay
   * as they are.
   */
  async explain(hash: string, error: unknown): Promise<unknown> {
    if (!(error instanceof ChainsError) || !UNREADABLE.has(error.code) || originOf(error)) return error;
    try {
      const schemas = await this.#ask(hash);
      return this.#withDifference(error, { hash, schemas });
    } catch (cause) {
      const why = `${this.#name} serves other schemas (${hash}) than its caller was built against (${this.#built.hash}), and did not tell them: ${(cause as Error).message}`;
      return new ChainsError(error.code, `${error.message}\n${why}`, { fix: this.#fix, cause: error });
    }
  }

  /** The error of a call whose input the callee refused because of its other schemas, with the difference. */
  explainRefusal(error: unknown): unknown {
    if (!(error instanceof ChainsError) || error.code !== "CONTRACT_MISMATCH") return error;
    // One that comes from further down the chain speaks of schemas that are not this dependency's.
    const origin = originOf(error);
    const served = servedContract((error.data as { readonly served?: unknown } | undefined)?.served);
    if (origin?.status !== 409 || !served) return error;
    const explained = this.#withDifference(error, served);
    markAsRemote(explained, origin);
    return explained;
  }

  #withDifference(error: ChainsError, served: EndpointContract): ChainsError {
    const difference = compareEndpoints(this.#built.schemas, served.schemas);
    const lines = difference
      .slice(0, SHOWN)
      .map(({ path, what, isBreaking }) => `  ${path} ${what}${isBreaking ? " (breaks callers)" : ""}`);
    if (difference.length > SHOWN) lines.push(`  and ${difference.length - SHOWN} more`);
    const summary = `What changed in ${this.#name} since its caller was built:`;
    return new ChainsError(error.code, [error.message, summary, ...lines].join("\n"), {
      fix: error.fix ?? this.#fix,
      problems: error.problems,
      data: { served, difference },
      cause: error.cause ?? error,
    });
  }

  get #fix(): string {
    return `Deploy the caller and ${this.#name} together, or keep the schemas of ${this.#name} compatible.`;
  }

  #ask(hash: string): Promise<EndpointSchemas> {
    if (this.#served?.hash !== hash) {
      const schemas = askContract(this.#transport, this.#built.hash);
      const asked = { hash, schemas };
      this.#served = asked;
      // The next error asks again.
      schemas.catch(() => {
        if (this.#served === asked) this.#served = undefined;
      });
    }
    return this.#served.schemas;
  }
}

const UNREADABLE: ReadonlySet<string> = new Set(["RESPONSE_INVALID", "STREAM_FORMAT"]);

/** Past the limits of calls: it must not wait for the turn of the stream that it is about. */
async function askContract(transport: Transport, ownHash: string): Promise<EndpointSchemas> {
  const response = await transport.call({
    headers: {
      "content-type": "application/json",
      [CONTRACT_HEADER]: ownHash,
      [ASK_CONTRACT_HEADER]: "1",
    },
    body: "{}",
    signal: AbortSignal.timeout(ASK_MS),
    whole: true,
  });
  const served = response.status === 200 ? servedContract(parse(await readWhole(response))) : undefined;
  if (served) return served.schemas;
  throw new ChainsError("RESPONSE_INVALID", `Asked for its schemas, it answered ${response.status}.`);
}

// Not by the codec of values: the schema of an array has the members that mark an array in JSON.
function parse(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString("utf8"));
}

function servedContract(value: unknown): EndpointContract | undefined {
  const { hash, schemas } = (value ?? {}) as Partial<EndpointContract>;
  const isContract = typeof hash === "string" && typeof schemas === "object" && schemas !== null;
  return isContract ? { hash, schemas } : undefined;
}

function unexpected(what: string, found: readonly Misfit[]): ChainsError {
  const problems = found.slice(0, SHOWN).map(({ path, message }) => ({
    code: "RESPONSE_INVALID" as const,
    severity: "error" as const,
    message,
    location: { path },
  }));
  const summary = `${what} does not fit the schema that its caller was built against:`;
  return ChainsError.fromProblems("RESPONSE_INVALID", summary, problems);
}
