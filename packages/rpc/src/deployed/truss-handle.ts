import type { ServiceDescriptor } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";

/** What a client of one's own needs to call a service. */
export interface CallArgs {
  readonly url: string;
  /** As they go over the wire; they hold the API key. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface CallArgsOptions {
  /** A path of the service's own server, in place of its predict endpoint; leading slashes do not matter. */
  readonly syncPath?: string;
  /** Of another account than the chain's. */
  readonly apiKey?: string;
}

export interface HttpCallArgsOptions extends CallArgsOptions {
  /** Take the address inside the platform, which needs a `Host` header of its own; false by default, unlike for stubs. */
  readonly preferInternal?: boolean;
}

/**
 * The addresses of a dependency, for calls that a stub cannot make: other paths of its server, WebSockets, a client
 * library. Retries, timeouts and limits are up to the caller.
 *
 * ```ts
 * const whisper = new TrussHandle(context.getServiceDescriptor("Whisper"), context.getBasetenApiKey());
 * const { url, headers } = whisper.httpCallArgs({ syncPath: "v1/models" });
 * ```
 */
export class TrussHandle {
  readonly displayName: string;
  readonly #service: ServiceDescriptor;
  readonly #apiKey: string;

  constructor(service: ServiceDescriptor, apiKey: string) {
    this.displayName = service.displayName;
    this.#service = service;
    this.#apiKey = apiKey.trim();
  }

  httpCallArgs({
    preferInternal = false,
    syncPath,
    apiKey = this.#apiKey,
  }: HttpCallArgsOptions = {}): CallArgs {
    const { predictUrl, internalUrl } = this.#service;
    const authorization = `Api-Key ${apiKey}`;
    if (internalUrl && (preferInternal || predictUrl === undefined)) {
      const headers = { Authorization: authorization, Host: internalUrl.hostname };
      return { url: withPath(internalUrl.url, syncPath), headers };
    }
    return { url: withPath(predictUrl!, syncPath), headers: { Authorization: authorization } };
  }

  /**
   * Always the public address: the gateway refuses another `Host` on upgrades.
   *
   * @throws ChainsError `DEPENDENCY_NOT_CONFIGURED` when only an internal one is known.
   */
  wsCallArgs({ syncPath, apiKey = this.#apiKey }: CallArgsOptions = {}): CallArgs {
    const { predictUrl } = this.#service;
    if (predictUrl === undefined) {
      throw new ChainsError(
        "DEPENDENCY_NOT_CONFIGURED",
        `There is no public address for ${this.displayName}, which WebSockets need.`,
      );
    }
    const url =
      syncPath === undefined
        ? predictUrl.replace(/\/run_remote$/, "/websocket")
        : withPath(predictUrl, syncPath);
    return { url: url.replace(/^http/, "ws"), headers: { Authorization: `Api-Key ${apiKey}` } };
  }
}

function withPath(url: string, syncPath: string | undefined): string {
  return syncPath === undefined ? url : url.replace(/\/run_remote$/, `/sync/${syncPath.replace(/^\/+/, "")}`);
}
