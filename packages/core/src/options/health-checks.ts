import { Fields, integerFrom } from "./fields.ts";

export interface HealthChecksInit {
  /** Seconds from the start before a failing check may restart the replica. */
  readonly restartCheckDelaySeconds?: number;
  /** Seconds of failing checks after which the replica is restarted. */
  readonly restartThresholdSeconds?: number;
  /** Seconds of failing checks after which the replica gets no more requests. */
  readonly stopTrafficThresholdSeconds?: number;
  /** Seconds that starting may take. */
  readonly startupThresholdSeconds?: number;
}

/** When the platform restarts a replica or takes it out of traffic. What is not given, the platform chooses. */
export class HealthChecks {
  readonly restartCheckDelaySeconds: number | undefined;
  readonly restartThresholdSeconds: number | undefined;
  readonly stopTrafficThresholdSeconds: number | undefined;
  readonly startupThresholdSeconds: number | undefined;

  /** @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field. */
  constructor(init: HealthChecksInit = {}) {
    const fields = new Fields("HealthChecks", init, [
      "restartCheckDelaySeconds",
      "restartThresholdSeconds",
      "stopTrafficThresholdSeconds",
      "startupThresholdSeconds",
    ]);
    const seconds = integerFrom(0);
    this.restartCheckDelaySeconds = fields.number("restartCheckDelaySeconds", undefined, seconds);
    this.restartThresholdSeconds = fields.number("restartThresholdSeconds", undefined, seconds);
    this.stopTrafficThresholdSeconds = fields.number("stopTrafficThresholdSeconds", undefined, seconds);
    this.startupThresholdSeconds = fields.number("startupThresholdSeconds", undefined, seconds);
    fields.done();
    Object.freeze(this);
  }
}
