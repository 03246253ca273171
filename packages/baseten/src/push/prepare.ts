import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildForPush, type ChainToPush } from "./built-chain.ts";
import { checkLocally } from "./checks/check-locally.ts";
import type { PushReporter } from "./events.ts";
import { type PushOptions, type ResolvedPush, resolvePush } from "./push-options.ts";
import type { PushSession } from "./push-session.ts";

/** A chain that has passed all checks that need no network. */
export interface PreparedPush extends AsyncDisposable {
  readonly chain: ChainToPush;
  readonly resolved: ResolvedPush;
  /** A directory of this push's own; it is gone afterwards. */
  readonly directory: string;
  readonly report: PushReporter;
}

/** Builds and checks. This is all that a dry run does. */
export async function preparePush(
  source: string,
  options: PushOptions,
  session?: PushSession,
): Promise<PreparedPush> {
  const { onEvent: report = () => {} } = options;
  const resolved = resolvePush(options);
  for (const message of resolved.notices) report({ type: "notice", message });
  const directory = await mkdtemp(join(tmpdir(), "truss-chains-push-"));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const chain = await buildForPush(source, join(directory, "build"), options, report, session);
    report({ type: "step", step: "check", state: "start" });
    await checkLocally(chain, resolved.isDraft, report);
    report({ type: "step", step: "check", state: "done", message: "Checked configs, images and sizes" });
    return { chain, resolved, directory, report, [Symbol.asyncDispose]: remove };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}
