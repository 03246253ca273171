import { extendsChainletBase } from "../../authoring/chainlet-base.ts";
import { metadataOf } from "../../authoring/metadata.ts";
import { remoteConfigOf } from "../../describe/describe-chainlet.ts";
import type { Check } from "./report.ts";

const NAME = /^[a-zA-Z0-9_-]+$/;
const LONGEST_NAME = 64;

/** The class is a decorated chainlet with a name that the platform can use. */
export const checkIdentity: Check = (cls, report) => {
  if (cls.name === "") {
    report.error(
      "CHAINLET_NAME_INVALID",
      "A chainlet has no class name.",
      "Name it: export class Search extends …",
    );
    return;
  }
  if (!extendsChainletBase(cls)) {
    report.error(
      "CHAINLET_NOT_A_CLASS",
      `${cls.name} does not extend ChainletBase.`,
      `Write class ${cls.name} extends ChainletBase.`,
    );
  }
  if (metadataOf(cls)?.decorated !== true) {
    report.error(
      "CHAINLET_NOT_DECORATED",
      `${cls.name} is not decorated with @Chainlet().`,
      `Put @Chainlet() above class ${cls.name}.`,
    );
  }
  const displayName = remoteConfigOf(cls).name ?? cls.name;
  if (!NAME.test(displayName)) {
    report.error(
      "CHAINLET_NAME_INVALID",
      `The display name "${displayName}" does not match ${NAME.source}.`,
      "Use letters, digits, _ and - in RemoteConfig.name.",
    );
  } else if (displayName.length > LONGEST_NAME) {
    report.error(
      "CHAINLET_NAME_INVALID",
      `The display name "${displayName}" has ${displayName.length} characters; ${LONGEST_NAME} are allowed.`,
      "Give a shorter RemoteConfig.name.",
    );
  }
};
