import { kindOf } from "../../kinds/kind.ts";
import type { Check } from "./report.ts";

/** `isHealthy(): boolean | Promise<boolean>`, where there is one. */
export const checkHealth: Check = (cls, report) => {
  const shape = "Write isHealthy(): boolean, sync or async.";
  if (Object.hasOwn(cls, "isHealthy")) {
    report.error("HEALTH_CHECK_INVALID", "isHealthy is static.", shape, "isHealthy");
  }
  const descriptor = cls.prototype && Object.getOwnPropertyDescriptor(cls.prototype, "isHealthy");
  const method: unknown = descriptor ? (descriptor.value ?? descriptor.get) : cls.prototype?.isHealthy;
  if (method === undefined) return;
  if (kindOf(cls)) {
    report.error(
      "HEALTH_CHECK_INVALID",
      `${cls.name} runs elsewhere: isHealthy is never called.`,
      "Remove it.",
      "isHealthy",
    );
  } else if (typeof method !== "function" || descriptor?.get) {
    report.error("HEALTH_CHECK_INVALID", "isHealthy is not a method.", shape, "isHealthy");
  } else if (method.length > 0) {
    report.error("HEALTH_CHECK_INVALID", "isHealthy takes parameters.", shape, "isHealthy");
  } else if (method.constructor.name.includes("Generator")) {
    report.error("HEALTH_CHECK_INVALID", "isHealthy is a generator.", shape, "isHealthy");
  }
};
