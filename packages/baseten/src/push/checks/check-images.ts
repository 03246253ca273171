import type { Problem } from "@truss-chains/errors";
import type { BuiltChainlet } from "../built-chain.ts";

const RULES: readonly [pattern: RegExp, what: string, instead: string][] = [
  [
    /(^|[/:-])alpine/,
    "an Alpine image, and the platform's build needs Debian",
    "a Debian one, such as node:24-bookworm",
  ],
  [
    /distroless|(^|\/)(busybox|scratch)(:|$)/,
    "an image without a package manager, and the platform's build needs Debian's",
    "a Debian one",
  ],
  [
    /(^|\/)node:[^/]*slim/,
    "an image without Python, and the platform's build needs Python 3.9 to 3.14",
    "node:24-bookworm",
  ],
  [
    /(^|\/)(ubi\d|fedora|centos|rockylinux|almalinux|amazonlinux|archlinux)/,
    "an image that is not of the Debian family",
    "a Debian one",
  ],
];

/** Images of which their names alone tell that the platform cannot build on them. */
export function checkImages(chainlets: readonly BuiltChainlet[]): Problem[] {
  return chainlets.flatMap(({ node, config }) => {
    // Without a build, nothing is added to the image, so nothing has to be in it.
    if (config.docker_server?.no_build) return [];
    const image = config.base_image?.image ?? "";
    const broken = RULES.find(([pattern]) => pattern.test(image.toLowerCase()));
    if (!broken) return [];
    const [, what, instead] = broken;
    return [
      {
        code: "PUSH_IMPOSSIBLE",
        severity: "error",
        message: `${node.name} builds on ${image}: ${what}.`,
        fix: `Build on ${instead}.`,
        location: node.location,
      },
    ];
  });
}
