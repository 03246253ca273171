import { join } from "node:path";
import { checkForPush } from "@truss-chains/config";
import { ChainsError, type Problem } from "@truss-chains/errors";
import type { BuiltChainlet, ChainToPush } from "../built-chain.ts";
import type { PushReporter } from "../events.ts";
import { checkImages } from "./check-images.ts";
import { checkKinds } from "./check-kinds.ts";
import { checkSizes } from "./check-sizes.ts";

/**
 * Everything that can be known to be wrong without the network.
 *
 * @throws ChainsError `PUSH_IMPOSSIBLE` with all problems.
 */
export async function checkLocally(
  chain: ChainToPush,
  isDraft: boolean,
  report: PushReporter,
): Promise<void> {
  const problems = [
    ...chain.chainlets.flatMap(unknownKeys),
    ...checkImages(chain.chainlets),
    ...checkKinds(chain.chainlets, isDraft),
    ...(await checkSizes(chain.chainlets)),
    ...checkNames(chain),
  ];
  const isError = ({ severity }: Problem) => severity === "error";
  const warnings = [...chain.chainlets.flatMap((each) => each.warnings), ...problems].filter(
    (problem) => !isError(problem),
  );
  for (const { message, fix } of warnings)
    report({ type: "warning", message: fix === undefined ? message : `${message} ${fix}` });
  const errors = problems.filter(isError);
  if (errors.length > 0)
    throw ChainsError.fromProblems("PUSH_IMPOSSIBLE", `${chain.name} cannot be pushed as it is:`, errors);
}

function unknownKeys({ config, directory }: BuiltChainlet): readonly Problem[] {
  try {
    checkForPush(config, { file: join(directory, "config.yaml") });
    return [];
  } catch (thrown) {
    if (thrown instanceof ChainsError) return thrown.problems;
    throw thrown;
  }
}

function checkNames({ name, chainlets }: ChainToPush): Problem[] {
  if (name.trim() === "") {
    const [{ node } = { node: undefined }] = chainlets;
    return [
      {
        code: "PUSH_IMPOSSIBLE",
        severity: "error",
        message: "The chain's name is empty.",
        fix: "Name it with --name, or in @markEntrypoint.",
        ...(node && { location: node.location }),
      },
    ];
  }
  return [];
}
