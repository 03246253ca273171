import type { CallOptions, Remote } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import type { Baseten } from "../api/baseten.ts";
import { type DeployedChain, readDeployment } from "../api/chain-status.ts";
import { invoke } from "./invoke.ts";
import { type DeploymentUrls, deploymentUrls } from "./urls.ts";
import { type WaitOptions, waitUntilActive } from "./wait.ts";

/** An instance of any chainlet class. */
export type AnyChainlet = { runRemote: (...args: any[]) => any };

export interface DeploymentFacts {
  readonly chainName: string;
  readonly chainId: string;
  readonly deploymentId: string;
  /** Of the chain, with its scheme. */
  readonly hostname: string;
  readonly isDraft: boolean;
  readonly environment: string | undefined;
  readonly endpoint: "unary" | "stream" | "websocket";
}

/** A chain that Baseten has taken: what it is, how it is, and a way to call it. */
export class ChainDeployment<C extends AnyChainlet = AnyChainlet> implements DeploymentFacts {
  readonly chainName: string;
  readonly chainId: string;
  readonly deploymentId: string;
  readonly hostname: string;
  readonly isDraft: boolean;
  readonly environment: string | undefined;
  readonly endpoint: DeploymentFacts["endpoint"];
  readonly urls: DeploymentUrls;
  /**
   * Calls the entrypoint: a Promise of its result, or the items of its stream. Each item of a stream is the text of a
   * chunk, as Baseten passes it on.
   *
   * @throws ChainsError `INVOCATION_FAILED` with the chain's own words, `API_KEY_REFUSED`, `API_FAILED`.
   */
  readonly runRemote: Remote<C>["runRemote"];
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
    this.urls = deploymentUrls({
      ...facts,
      remoteUrl: baseten.account.remoteUrl,
      isWebSocket: facts.endpoint === "websocket",
    });
    this.runRemote = ((input?: unknown, options?: CallOptions) =>
      invoke(baseten, this.urls.invoke, this.endpoint, input, options)) as Remote<C>["runRemote"];
  }

  /** Where the entrypoint is called. */
  get url(): string {
    return this.urls.invoke;
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
}
