import type { Logger } from "../logs/logger.ts";
import { withPlaces } from "../logs/with-places.ts";

/** Whether calls can be served now. */
export interface Health {
  readonly ok: boolean;
  /** Why not, for whoever reads the answer of a probe. */
  readonly reason?: string;
}

/** Never rejects. */
export type HealthCheck = () => Promise<Health>;

interface MayCheck {
  isHealthy?(): unknown;
}

/** What a chainlet says of itself. One that has no `isHealthy` is always well. */
export function healthCheckOf(name: string, chainlet: MayCheck, logger: Logger): HealthCheck {
  return async () => {
    if (!chainlet.isHealthy) return { ok: true };
    try {
      if ((await chainlet.isHealthy()) === true) return { ok: true };
      return { ok: false, reason: `${name}.isHealthy() did not return true.` };
    } catch (error) {
      // The error may hold anything, and probes are not authorised: its text stays in the log.
      logger.log("error", `${name}.isHealthy() threw.`, { err: await withPlaces(error) });
      return { ok: false, reason: `${name}.isHealthy() threw.` };
    }
  };
}
