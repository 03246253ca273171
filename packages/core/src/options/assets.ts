import { Fields } from "./fields.ts";
import { ModelRepo } from "./model-repo.ts";
import { WeightsSource } from "./weights-source.ts";

export interface ExternalDataInit {
  /** Address of the file, without credentials. */
  readonly url: string;
  /** Relative to the data directory. */
  readonly localDataPath: string;
  /** A name for the download. */
  readonly name?: string;
}

/** A file that is fetched into the data directory when the image is built. */
export class ExternalData {
  readonly url: string;
  readonly localDataPath: string;
  readonly name: string | undefined;

  /** @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field. */
  constructor(init: ExternalDataInit) {
    const fields = new Fields("ExternalData", init, ["url", "localDataPath", "name"]);
    this.url = fields.requiredString("url");
    this.localDataPath = fields.requiredString("localDataPath", (value) =>
      value.startsWith("/") || value.split("/").includes("..")
        ? `must stay inside the data directory, got "${value}".`
        : undefined,
    );
    this.name = fields.string("name", undefined);
    fields.done();
    Object.freeze(this);
  }
}

export interface AssetsInit {
  /** Entries of `model_cache`. */
  readonly cached?: readonly ModelRepo[];
  /** Entries of `weights`. */
  readonly weights?: readonly WeightsSource[];
  /** Names of the secrets that the chainlet may read. */
  readonly secretKeys?: readonly string[];
  /** Files that the image is built with. */
  readonly externalData?: readonly ExternalDataInit[];
}

/** What a chainlet needs besides its code. */
export class Assets {
  readonly cached: readonly ModelRepo[];
  readonly weights: readonly WeightsSource[];
  readonly secretKeys: readonly string[];
  readonly externalData: readonly ExternalData[];

  /** @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field. */
  constructor(init: AssetsInit = {}) {
    const fields = new Fields("Assets", init, ["cached", "weights", "secretKeys", "externalData"]);
    this.cached = fields.instances("cached", ModelRepo);
    this.weights = fields.instances("weights", WeightsSource);
    this.secretKeys = fields.strings("secretKeys", []);
    this.externalData = fields.instances("externalData", ExternalData);
    fields.rule(
      this.cached.length > 0 && this.weights.length > 0,
      "cached",
      "and `weights` cannot both be used in one chainlet.",
      "Move the cached repositories to `weights`: chains migrate does it.",
    );
    const volumes = new Set(this.cached.map((repo) => repo.useVolume));
    fields.rule(
      volumes.size > 1,
      "cached",
      "mixes useVolume true and false.",
      "Use one of them for all entries.",
    );
    const mounts = this.weights.map((source) => source.mountLocation);
    for (const mount of new Set(mounts.filter((one, index) => mounts.indexOf(one) !== index))) {
      fields.rule(true, "weights", `mounts two sources at "${mount}".`, "Give each its own mountLocation.");
    }
    fields.done();
    Object.freeze(this);
  }
}
