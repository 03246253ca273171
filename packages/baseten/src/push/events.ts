import type { DeployedChainlet } from "../api/chain-status.ts";

/** The steps of a push, in their order. */
export type PushStep = "build" | "check" | "account" | "pack" | "upload" | "deploy";

/** What a push tells on its way. */
export type PushEvent =
  | { readonly type: "step"; readonly step: PushStep; readonly state: "start"; readonly total?: number }
  | {
      readonly type: "step";
      readonly step: PushStep;
      readonly state: "progress";
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: "step"; readonly step: PushStep; readonly state: "done"; readonly message: string }
  | { readonly type: "notice" | "warning"; readonly message: string }
  /** While it is waited for: all chainlets with their states, each time that something changed. */
  | { readonly type: "chainlets"; readonly chainlets: readonly DeployedChainlet[] };

export type PushReporter = (event: PushEvent) => void;
