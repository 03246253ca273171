import type { ChainNode } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { findInstalled } from "./find-installed.ts";
import type { InstalledPackage } from "./installed-package.ts";

/**
 * The package that an npm requirement such as `sharp` or `sharp@0.33.0` means.
 *
 * @throws ChainsError `PACKAGE_VERSION_UNKNOWN` when it is not installed here in that version.
 */
export async function installedRequirement(
  requirement: string,
  from: string,
  node: ChainNode,
): Promise<InstalledPackage> {
  const [, name, version] = /^(@?[^@]+)(?:@(.+))?$/.exec(requirement) ?? [];
  const installed = name === undefined ? undefined : await findInstalled(name, from);
  const location = { ...node.location, path: ["dockerImage", "npmRequirements"] };
  if (!installed) {
    throw new ChainsError(
      "PACKAGE_VERSION_UNKNOWN",
      `The npm requirement "${requirement}" of ${node.name} is not installed.`,
      {
        fix: `Install it, so that its exact version is known: npm install ${requirement}`,
        location,
      },
    );
  }
  if (version !== undefined && version !== installed.version) {
    throw new ChainsError(
      "PACKAGE_VERSION_UNKNOWN",
      `${node.name} requires ${requirement}, but ${installed.version} is installed.`,
      { fix: `Install that version, or write "${name}" for the installed one.`, location },
    );
  }
  return installed;
}
