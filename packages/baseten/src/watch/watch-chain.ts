import { dirname, resolve } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import type { ChainDeployment } from "../deployment/chain-deployment.ts";
import { deploySource } from "../push/deploy-source.ts";
import type { PushOptions } from "../push/push-options.ts";
import { PushSession } from "../push/push-session.ts";
import { buildInputs, sourceTree } from "./build-inputs.ts";
import { FileWatch } from "./file-watch.ts";

export interface WatchOptions
  extends Omit<PushOptions, "draft" | "environment" | "promote" | "deploymentName" | "wait"> {
  readonly signal: AbortSignal;
  /** Told of each deployment that has become active. */
  readonly onDeployed?: (deployment: ChainDeployment) => void | Promise<void>;
  /** Told when a change makes no difference to what is deployed, so that nothing was pushed. */
  readonly onUnchanged?: (deployment: ChainDeployment) => void | Promise<void>;
  /** Told why a push failed; the next change starts another. */
  readonly onFailed?: (error: ChainsError) => void | Promise<void>;
  /** Told of each change that starts a push: the files, absolute. */
  readonly onChange?: (files: readonly string[]) => void | Promise<void>;
}

/**
 * Pushes the chain as a development deployment, and again whenever something changes that a push reads, until the
 * signal.
 *
 * A deployment is made as a whole, and custom servers cannot be patched in place. So a change builds the chain again;
 * when the result is what is deployed, nothing is pushed, else all of it is deployed, and of the archives only those
 * that have changed are uploaded. A change that comes while a deployment is waited for starts the next push at once.
 *
 * @throws ChainsError `WATCH_FAILED`.
 */
export async function watchChain(source: string, options: WatchOptions): Promise<void> {
  const { signal, onChange = () => {} } = options;
  const files = new FileWatch();
  const session = new PushSession(async (chain) => files.follow(await buildInputs(chain)));
  const pushes = new WatchedPushes(source, options, session, files);
  try {
    const root = dirname(resolve(options.cwd ?? ".", source));
    await files.follow({ trees: [await sourceTree(root)], files: [] });
    while (!signal.aborted) {
      await pushes.next();
      await firstOf(signal, files.change);
      if (!signal.aborted) await onChange(files.takeChanges());
    }
  } finally {
    await files.close();
  }
}

/** The pushes of one watch, one after the other. */
class WatchedPushes {
  readonly #source: string;
  readonly #options: WatchOptions;
  readonly #session: PushSession;
  readonly #files: FileWatch;
  #active: ChainDeployment | undefined;

  constructor(source: string, options: WatchOptions, session: PushSession, files: FileWatch) {
    this.#source = source;
    this.#options = options;
    this.#session = session;
    this.#files = files;
  }

  /** Pushes what there is now, and waits until it is active or the next change has come. */
  async next(): Promise<void> {
    const { signal, onDeployed = () => {}, onUnchanged = () => {}, onFailed = () => {} } = this.#options;
    try {
      const deployment = await this.#deploy();
      if (deployment === this.#active) return await onUnchanged(deployment);
      if (!(await this.#isReady(deployment))) return;
      this.#active = deployment;
      await onDeployed(deployment);
    } catch (thrown) {
      if (!(thrown instanceof ChainsError)) throw thrown;
      if (thrown.code === "DEPLOY_FAILED") this.#session.forget();
      if (thrown.code !== "INTERRUPTED" || !signal.aborted) await onFailed(thrown);
    }
  }

  async #deploy(): Promise<ChainDeployment> {
    const options: PushOptions = { ...this.#options, draft: true };
    try {
      return await deploySource(this.#source, options, this.#session);
    } catch (thrown) {
      const isRefused = thrown instanceof ChainsError && thrown.code === "DEPLOY_REJECTED";
      if (!isRefused || !this.#session.reusesUploads) throw thrown;
      // What was uploaded for an earlier push may be gone.
      this.#session.forget();
      return deploySource(this.#source, options, this.#session);
    }
  }

  /** False when a change has come first. */
  async #isReady(deployment: ChainDeployment): Promise<boolean> {
    const { signal, pollMs, onEvent = () => {} } = this.#options;
    const { change } = this.#files;
    try {
      await deployment.ready({
        pollMs,
        signal: AbortSignal.any([signal, change]),
        onChange: (chainlets) => onEvent({ type: "chainlets", chainlets }),
      });
      return true;
    } catch (thrown) {
      if (change.aborted) return false;
      throw thrown;
    }
  }
}

function firstOf(...signals: readonly AbortSignal[]): Promise<void> {
  const first = AbortSignal.any([...signals]);
  return new Promise((resolve) => {
    if (first.aborted) resolve();
    else first.addEventListener("abort", () => resolve(), { once: true });
  });
}
