import type { ResolvedRPCOptions } from "../types/deployment-context.ts";
import { Fields, integerFrom, positive } from "./fields.ts";

export interface RPCOptionsInit {
  /** Attempts in total; 1, the default, never retries. */
  readonly retries?: number;
  /** Seconds that one attempt may take; 600 by default. */
  readonly timeoutSec?: number;
  /** Send msgpack with typed arrays in place of JSON; false by default. */
  readonly useBinary?: boolean;
  /** Calls under way at a time, from one process; further calls wait their turn. 300 by default. */
  readonly concurrencyLimit?: number;
}

/** How a dependency is called. */
export class RPCOptions implements ResolvedRPCOptions {
  readonly retries: number;
  readonly timeoutSec: number;
  readonly useBinary: boolean;
  readonly concurrencyLimit: number;

  /** @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field. */
  constructor(init: RPCOptionsInit = {}) {
    const fields = new Fields("RPCOptions", init, ["retries", "timeoutSec", "useBinary", "concurrencyLimit"]);
    this.retries = fields.number("retries", 1, integerFrom(0));
    this.timeoutSec = fields.number("timeoutSec", 600, positive);
    this.useBinary = fields.boolean("useBinary", false);
    this.concurrencyLimit = fields.number("concurrencyLimit", 300, integerFrom(1));
    fields.done();
    Object.freeze(this);
  }
}
