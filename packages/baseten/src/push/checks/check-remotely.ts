import { ChainsError, type Problem } from "@truss-chains/errors";
import pMap from "p-map";
import type { Baseten } from "../../api/baseten.ts";
import { validateTruss } from "../../api/validate-truss.ts";
import type { PushReporter } from "../events.ts";
import type { NamedChainlet } from "../name-models.ts";

const AT_A_TIME = 4;

/**
 * Asks Baseten what it thinks of each config, before anything is uploaded.
 *
 * @throws ChainsError `DEPLOY_REJECTED` with all of its complaints.
 */
export async function checkRemotely(
  baseten: Baseten,
  chainlets: readonly NamedChainlet[],
  userEnvironment: string,
  report: PushReporter,
): Promise<void> {
  const verdicts = await pMap(
    chainlets,
    async (chainlet) => ({
      chainlet,
      verdict: await validateTruss(baseten, chainlet.encodedConfig, userEnvironment),
    }),
    { concurrency: AT_A_TIME },
  );
  for (const { chainlet, verdict } of verdicts)
    for (const warning of verdict.warnings)
      report({ type: "warning", message: `${chainlet.node.name}: ${warning}` });
  const problems = verdicts.flatMap(({ chainlet: { node }, verdict }) =>
    verdict.errors.map(
      (error): Problem => ({
        code: "DEPLOY_REJECTED",
        severity: "error",
        message: `${node.name}: ${error}`,
        location: node.location,
      }),
    ),
  );
  if (problems.length > 0)
    throw ChainsError.fromProblems(
      "DEPLOY_REJECTED",
      "Baseten does not accept the chain's configs:",
      problems,
    );
}
