import { ChainsError } from "@truss-chains/errors";
import type { Choose } from "../accounts/choose.ts";
import type { HttpOptions } from "../api/http.ts";
import type { PushReporter } from "./events.ts";

export interface PushOptions {
  /** Class name; needed only where the source marks no entrypoint, or several. */
  readonly entrypoint?: string | undefined;
  /** Name of the chain; else that of `@markEntrypoint`, else the entrypoint's display name. */
  readonly name?: string | undefined;
  /** The environment to deploy to. It has to exist, but for `production` of a new chain. */
  readonly environment?: string | undefined;
  /** The same as the environment `production`. */
  readonly promote?: boolean | undefined;
  /** A development deployment. Not with an environment. */
  readonly draft?: boolean | undefined;
  /** Until all chainlets are active; true by default. */
  readonly wait?: boolean | undefined;
  /** Section of `.trussrc`. */
  readonly remote?: string | undefined;
  /** Name of the team; else that of the account; else the one that has the chain. */
  readonly team?: string | undefined;
  readonly deploymentName?: string | undefined;
  /** Tells Baseten the commit that the source is at. */
  readonly includeGitInfo?: boolean | undefined;
  /** The source cannot be downloaded from Baseten. */
  readonly disableChainDownload?: boolean | undefined;
  /** Asked which account or team, where several could be meant and none is named. */
  readonly choose?: Choose | undefined;
  readonly onEvent?: PushReporter | undefined;
  /** Ends the push: uploads are aborted; what Baseten has accepted goes on. */
  readonly signal?: AbortSignal | undefined;
  /** `process.env` by default. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** What relative paths are relative to; the current directory by default. */
  readonly cwd?: string | undefined;
  readonly http?: HttpOptions | undefined;
  /** Milliseconds between two looks at a deployment's state; 2000 by default. */
  readonly pollMs?: number | undefined;
}

/** The options with the rules applied that hold between them. */
export interface ResolvedPush {
  readonly isDraft: boolean;
  readonly environment: string | undefined;
  readonly deploymentName: string | undefined;
  readonly notices: readonly string[];
}

const DEPLOYMENT_NAME = /^[0-9a-zA-Z_.-]*$/;

/** @throws ChainsError `USAGE` for options that contradict each other. */
export function resolvePush(options: PushOptions): ResolvedPush {
  const { draft = false, promote = false, deploymentName } = options;
  const environment = options.environment ?? (promote ? "production" : undefined);
  if (draft && environment !== undefined) {
    throw new ChainsError("USAGE", `A development deployment cannot go to the environment ${environment}.`, {
      fix: "Leave out the environment and promote, or push without watch and draft.",
    });
  }
  if (options.environment?.trim() === "")
    throw new ChainsError("USAGE", "The name of the environment is empty.", { fix: "Name one." });
  if (deploymentName !== undefined && !DEPLOYMENT_NAME.test(deploymentName)) {
    throw new ChainsError("USAGE", `${JSON.stringify(deploymentName)} cannot name a deployment.`, {
      fix: "Use letters, digits, and _ - . only.",
    });
  }
  if (deploymentName && draft) {
    throw new ChainsError("USAGE", "A development deployment cannot have a name of its own.", {
      fix: "Leave out the deployment name, or push without watch and draft.",
    });
  }
  const notices =
    promote && options.environment !== undefined
      ? [`promote has no effect beside the environment ${options.environment}.`]
      : [];
  return { isDraft: draft, environment, deploymentName: deploymentName || undefined, notices };
}
