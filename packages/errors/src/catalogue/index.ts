import { authoring } from "./authoring.ts";
import { compile } from "./compile.ts";
import { config } from "./config.ts";
import { deploy } from "./deploy.ts";
import { general } from "./general.ts";
import { local } from "./local.ts";
import { rpc } from "./rpc.ts";
import { runtime } from "./runtime.ts";
import { weights } from "./weights.ts";

export type { Blame, CatalogueEntry } from "./entry.ts";

/** Every code there is, by the room that raises it. A code never changes its meaning. */
export const catalogue = {
  ...general,
  ...config,
  ...authoring,
  ...compile,
  ...rpc,
  ...runtime,
  ...weights,
  ...local,
  ...deploy,
} as const;

export type ErrorCode = keyof typeof catalogue;
