import { Assets } from "./assets.ts";
import { ChainletOptions } from "./chainlet-options.ts";
import { Compute } from "./compute.ts";
import { DockerImage } from "./docker-image.ts";
import { Fields } from "./fields.ts";

export interface RemoteConfigInit {
  /** What is in the image besides the server. */
  readonly dockerImage?: DockerImage;
  /** 1 CPU with 2 GiB by default. */
  readonly compute?: Compute;
  /** Weights, secrets and data. */
  readonly assets?: Assets;
  /** Display name: letters, digits, `_` and `-`. The class name by default. */
  readonly name?: string;
  /** Health checks, environment variables, threads, and the rest. */
  readonly options?: ChainletOptions;
  /** Shell commands run as root at the end of the image build. */
  readonly buildCommands?: readonly string[];
}

/** How a chainlet is deployed. */
export class RemoteConfig {
  readonly dockerImage: DockerImage;
  readonly compute: Compute;
  readonly assets: Assets;
  readonly name: string | undefined;
  readonly options: ChainletOptions;
  readonly buildCommands: readonly string[];

  /** @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field. */
  constructor(init: RemoteConfigInit = {}) {
    const fields = new Fields("RemoteConfig", init, [
      "dockerImage",
      "compute",
      "assets",
      "name",
      "options",
      "buildCommands",
    ]);
    this.dockerImage = fields.instance("dockerImage", DockerImage, new DockerImage());
    this.compute = fields.instance("compute", Compute, new Compute());
    this.assets = fields.instance("assets", Assets, new Assets());
    this.name = fields.string("name", undefined);
    this.options = fields.instance("options", ChainletOptions, new ChainletOptions());
    this.buildCommands = fields.strings("buildCommands", []);
    fields.done();
    Object.freeze(this);
  }
}
