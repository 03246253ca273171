import { ACCELERATORS, type Accelerator, checkMemory } from "@truss-chains/config/rules";
import { Fields, integerFrom, positive } from "./fields.ts";

export interface ComputeInit {
  /** Virtual CPUs; 1 by default. */
  readonly cpuCount?: number;
  /** Like `512Mi` or `2Gi`, which is the default. */
  readonly memory?: string;
  /** Kind of GPU; none by default. */
  readonly gpu?: Accelerator;
  /** 1 by default; only read with a `gpu`. */
  readonly gpuCount?: number;
  /** Requests that one replica serves at a time, or `cpu_count` for as many as it has CPUs; 1 by default. */
  readonly predictConcurrency?: number | "cpu_count";
  /** A machine by name, such as `L4:4x16`. The platform then ignores cpu, memory and gpu. */
  readonly instanceType?: string;
}

/** The hardware of a chainlet. */
export class Compute {
  readonly cpuCount: number;
  readonly memory: string;
  readonly gpu: Accelerator | undefined;
  readonly gpuCount: number;
  readonly predictConcurrency: number;
  readonly instanceType: string | undefined;

  /** @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field. */
  constructor(init: ComputeInit = {}) {
    const { predictConcurrency, ...rest } = init;
    const known = ["cpuCount", "memory", "gpu", "gpuCount", "predictConcurrency", "instanceType"];
    const sameAsCpus = predictConcurrency === "cpu_count";
    const fields = new Fields("Compute", sameAsCpus ? rest : init, known);
    this.cpuCount = fields.number("cpuCount", 1, positive);
    this.memory = fields.string("memory", "2Gi", checkMemory);
    this.gpu = fields.oneOf("gpu", ACCELERATORS, undefined);
    this.gpuCount = fields.number("gpuCount", 1, integerFrom(1));
    this.predictConcurrency = sameAsCpus
      ? Math.max(1, Math.floor(this.cpuCount))
      : fields.number("predictConcurrency", 1, integerFrom(1));
    this.instanceType = fields.string("instanceType", undefined);
    fields.done();
    Object.freeze(this);
  }
}
