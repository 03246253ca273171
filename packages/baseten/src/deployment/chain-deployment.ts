import type { CallOptions, EndpointSchemas, Remote } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import type { Baseten } from "../api/baseten.ts";
import { type DeployedChain, type DeployedChainlet, readDeployment } from "../api/chain-status.ts";
import { deleteChain, deleteDeployment } from "../api/chains.ts";
import { listEnvironments, promoteDeployment } from "../api/environments.ts";
import type { EndpointKind } from "./deployed-endpoint.ts";
import { type DeployedEntrypoint, entrypointClient, entrypointText } from "./entrypoint-client.ts";
import { type ChainletLogEntry, type LogOptions, readChainletLogs } from "./follow-logs.ts";
import { needEnvironment } from "./need-environment.ts";
import { type DeploymentUrls, deploymentUrls, logsPage } from "./urls.ts";
import { type WaitOptions, waitUntilActive } from "./wait.ts";

/** An instance of any chainlet class. */
export type AnyChainlet = { runRemote: (...args: any[]) => any };

/** How a deployed entrypoint is called: as its `Remote`. Anything goes where its class is not known. */
export type DeployedRunRemote<C extends AnyChainlet> = AnyChainlet extends C
  ? AnyChainlet["runRemote"]
  : Remote<C>["runRemote"];

export interface DeploymentFacts {
  readonly chainName: string;
  readonly chainId: string;
  readonly deploymentId: string;
  /** Of the chain, with its scheme. */
  readonly hostname: string;
  readonly isDraft: boolean;
  readonly environment: string | undefined;
  readonly endpoint: EndpointKind;
  /** Of the entrypoint; undefined where another tool has pushed it. */
  readonly schemas: EndpointSchemas | undefined;
}

/** A chain that Baseten has taken: what it is, how it is, and a way to call it. */
export class ChainDeployment<C extends AnyChainlet = AnyChainlet> implements DeploymentFacts {
  readonly chainName: string;
  readonly chainId: string;
  readonly deploymentId: string;
  readonly hostname: string;
  readonly isDraft: boolean;
  readonly environment: string | undefined;
  readonly endpoint: EndpointKind;
  readonly schemas: EndpointSchemas | undefined;
  readonly urls: DeploymentUrls;
  /**
   * Calls the entrypoint: a Promise of its result, its stream item by item, or a Promise of an open WebSocket.
   *
   * @throws ChainsError `INVOCATION_FAILED` with the chain's own words, `API_KEY_REFUSED`, `API_FAILED`; what failed
   *   within a stream, `CONNECTION_FAILED` when it breaks off.
   */
  readonly runRemote: DeployedRunRemote<C>;
  readonly #baseten: Baseten;

  constructor(baseten: Baseten, facts: DeploymentFacts) {
    this.#baseten = baseten;
    this.chainName = facts.chainName;
    this.chainId = facts.chainId;
    this.deploymentId = facts.deploymentId;
    this.hostname = facts.hostname;
    this.isDraft = facts.isDraft;
    this.environment = facts.environment;
    this.endpoint = facts.endpoint;
    this.schemas = facts.schemas;
    this.urls = deploymentUrls({
      ...facts,
      remoteUrl: baseten.account.remoteUrl,
      isWebSocket: facts.endpoint === "websocket",
    });
    this.runRemote = entrypointClient(baseten, this.#entrypoint) as DeployedRunRemote<C>;
  }

  /** Where the entrypoint is called. */
  get url(): string {
    return this.urls.invoke;
  }

  /** The page with a chainlet's logs. */
  logsPage({ id }: DeployedChainlet): string {
    return logsPage(this.#baseten.account.remoteUrl, this.chainId, this.deploymentId, id);
  }

  /**
   * The states of all chainlets now.
   *
   * @throws ChainsError `CHAIN_NOT_FOUND` when the deployment is gone.
   */
  async status(): Promise<DeployedChain> {
    const found = await readDeployment(this.#baseten, this.deploymentId);
    if (found) return found;
    throw new ChainsError(
      "CHAIN_NOT_FOUND",
      `The deployment ${this.deploymentId} of ${this.chainName} is gone.`,
      {
        fix: "Push the chain again.",
      },
    );
  }

  /**
   * Waits until all chainlets are active.
   *
   * @throws ChainsError `DEPLOY_FAILED` with the states, and the end of the logs of what failed.
   */
  async ready(options: WaitOptions = {}): Promise<DeployedChain> {
    return waitUntilActive(this.#baseten, this, options);
  }

  /**
   * Calls the entrypoint and gives its answer as it comes: the items of a stream, else text. Not for WebSockets.
   *
   * @param input left out where the entrypoint takes none.
   */
  invoke(input: unknown, options?: CallOptions): AsyncIterable<unknown> {
    if (this.endpoint !== "stream") return entrypointText(this.#baseten, this.#entrypoint)(input, options);
    const takesInput = this.schemas?.kind !== "stream" || this.schemas.input !== null;
    const call: AnyChainlet["runRemote"] = this.runRemote;
    return takesInput ? call(input, options) : call(options);
  }

  /**
   * Log lines, of one chainlet or of all.
   *
   * @param chainlet Display name.
   * @throws ChainsError `CHAINLET_NOT_FOUND` naming those that there are.
   */
  async *logs(chainlet?: string, options: LogOptions = {}): AsyncGenerator<ChainletLogEntry> {
    const { chainlets } = await this.status();
    const wanted = chainlets.filter(({ name }) => chainlet === undefined || name === chainlet);
    if (wanted.length === 0) {
      throw new ChainsError("CHAINLET_NOT_FOUND", `${this.chainName} has no chainlet named ${chainlet}.`, {
        fix: `It has ${chainlets.map(({ name }) => name).join(", ")}.`,
      });
    }
    yield* readChainletLogs(this.#baseten, wanted, options);
  }

  /**
   * Makes it the deployment that an environment serves.
   *
   * @throws ChainsError `ENVIRONMENT_NOT_FOUND` naming those that there are.
   */
  async promote(environment: string): Promise<void> {
    await needEnvironment(this.#baseten, { id: this.chainId, name: this.chainName }, environment);
    await promoteDeployment(this.#baseten, this.chainId, this.deploymentId, environment);
  }

  /** Names of the environments that serve this deployment. */
  async servedBy(): Promise<readonly string[]> {
    const environments = await listEnvironments(this.#baseten, this.chainId);
    return environments
      .filter(({ deploymentId }) => deploymentId === this.deploymentId)
      .map(({ name }) => name);
  }

  /**
   * Deletes this deployment; with `whole`, the chain and all of its deployments.
   *
   * @throws ChainsError `API_REJECTED`, for a deployment that an environment serves among others.
   */
  async delete({ whole = false }: { readonly whole?: boolean } = {}): Promise<void> {
    if (whole) return deleteChain(this.#baseten, this.chainId);
    try {
      await deleteDeployment(this.#baseten, this.chainId, this.deploymentId);
    } catch (thrown) {
      throw await this.#explainRefusal(thrown);
    }
  }

  async #explainRefusal(thrown: unknown): Promise<unknown> {
    if (!(thrown instanceof ChainsError) || thrown.code !== "API_REJECTED") return thrown;
    const environments = (await this.servedBy()).join(", ");
    if (environments === "") return thrown;
    return new ChainsError(
      "API_REJECTED",
      `Baseten does not delete ${this.deploymentId}, which ${environments} serves. ${thrown.message}`,
      { fix: "Promote another deployment first, or delete the whole chain.", cause: thrown },
    );
  }

  get #entrypoint(): DeployedEntrypoint {
    const { chainName: name, url, endpoint, schemas } = this;
    return { name, url, endpoint, schemas };
  }
}
