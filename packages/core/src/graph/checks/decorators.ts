import type { ErrorCode } from "@truss-chains/errors";
import { type MisplacedDecorator, metadataOf } from "../../authoring/metadata.ts";
import type { Check } from "./report.ts";

const CLASS = "Put it above the class.";
const CONSTRUCTOR = "Only constructor parameters are injected: move it there.";

const RULES: Readonly<Record<MisplacedDecorator["decorator"], readonly [code: ErrorCode, fix: string]>> = {
  Chainlet: ["CHAINLET_NOT_DECORATED", CLASS],
  markEntrypoint: ["ENTRYPOINT_INVALID", CLASS],
  endpoint: ["ENDPOINT_MISPLACED", "Put it above the method runRemote."],
  depends: ["DEPENDENCY_INVALID", CONSTRUCTOR],
  context: ["DEPENDENCY_INVALID", CONSTRUCTOR],
  resolver: ["DEPENDENCY_INVALID", CONSTRUCTOR],
};

/** Every decorator stands where it does something. */
export const checkDecorators: Check = (cls, report) => {
  for (const { decorator, on, member } of metadataOf(cls)?.misplaced ?? []) {
    const [code, fix] = RULES[decorator];
    const place = { class: `the class ${cls.name}`, member: member, parameter: `a parameter of ${member}` }[
      on
    ];
    report.error(code, `@${decorator}() is on ${place}.`, fix, member);
  }
};
