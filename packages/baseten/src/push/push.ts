import type { AnyChainlet, ChainDeployment } from "../deployment/chain-deployment.ts";
import { deploySource } from "./deploy-source.ts";
import type { PushOptions } from "./push-options.ts";
import { type EntrypointClass, sourceOf } from "./source-of.ts";

/**
 * Builds a chain, uploads it and has Baseten deploy it, as one or not at all; then waits until all of it is active.
 * A push that was interrupted, or whose answer was lost, is taken up where it was when it is run again.
 *
 * @param target The entrypoint's class, or the path of the source.
 * @throws ChainsError of the steps: the compiler's for the source, `PUSH_IMPOSSIBLE`, `ACCOUNT_MISSING` and its like,
 *   `PUSH_IN_PROGRESS`, `UPLOAD_FAILED`, `DEPLOY_REJECTED`, `DEPLOY_UNCERTAIN`, `DEPLOY_FAILED`, `INTERRUPTED`.
 */
export async function push<C extends EntrypointClass>(
  target: C,
  options?: PushOptions,
): Promise<ChainDeployment<InstanceType<C>>>;
export async function push(target: string, options?: PushOptions): Promise<ChainDeployment>;
export async function push(
  target: EntrypointClass | string,
  options: PushOptions = {},
): Promise<ChainDeployment<AnyChainlet>> {
  if (typeof target !== "string") {
    const { source, entrypoint } = sourceOf(target);
    return push(source, { ...options, entrypoint });
  }
  const deployment = await deploySource(target, options);
  const { wait = true, pollMs, signal, onEvent = () => {} } = options;
  if (wait)
    await deployment.ready({
      pollMs,
      signal,
      onChange: (chainlets) => onEvent({ type: "chainlets", chainlets }),
    });
  return deployment;
}
