import { dirname } from "node:path";
import type { ChainNode } from "@truss-chains/core";
import { ChainsError, type Problem } from "@truss-chains/errors";
import type { DiscoveredChain } from "../discover/discovered-chain.ts";
import { findInstalled } from "../packages/find-installed.ts";
import { installedRequirement } from "../packages/installed-requirement.ts";
import { dataFiles } from "./data-files.ts";
import { trussConfig, trussDirectory } from "./emit-truss.ts";

/**
 * What chainlets name and a build would not find: data directories, trusses, packages. Every problem at once; nothing is
 * bundled or written.
 */
export async function checkFiles(chain: DiscoveredChain): Promise<Problem[]> {
  const found = await Promise.all(chain.graph.nodes.flatMap((node) => checksOf(chain, node)));
  return found.flat();
}

function checksOf(chain: DiscoveredChain, node: ChainNode): Promise<Problem[]>[] {
  if (node.foreign?.kind === "truss")
    return [problemsOf(trussConfig(node, trussDirectory(chain, node, node.foreign)))];
  const data = problemsOf(dataFiles(chain, node));
  if (node.foreign) return [data];
  const { externalPackages, npmRequirements } = node.remoteConfig.dockerImage;
  const from = dirname(chain.source);
  return [
    data,
    ...npmRequirements.map((requirement) => problemsOf(installedRequirement(requirement, from, node))),
    ...externalPackages.map((name) => problemsOf(externalPackage(name, from, node))),
  ];
}

async function externalPackage(name: string, from: string, node: ChainNode): Promise<void> {
  if (await findInstalled(name, from)) return;
  throw new ChainsError(
    "PACKAGE_VERSION_UNKNOWN",
    `The external package "${name}" of ${node.name} is not installed.`,
    {
      fix: `Install it, so that its exact version is known: npm install ${name}`,
      location: { ...node.location, path: ["dockerImage", "externalPackages"] },
    },
  );
}

async function problemsOf(check: Promise<unknown>): Promise<Problem[]> {
  try {
    await check;
    return [];
  } catch (error) {
    if (!(error instanceof ChainsError)) throw error;
    const { code, message, fix, location } = error;
    return [
      {
        code,
        severity: "error",
        message,
        ...(fix !== undefined && { fix }),
        ...(location !== undefined && { location }),
      },
    ];
  }
}
