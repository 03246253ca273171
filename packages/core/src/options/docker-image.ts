import { CustomImage } from "./custom-image.ts";
import { Fields } from "./fields.ts";

export interface DockerImageInit {
  /** A Node image by default. */
  readonly baseImage?: CustomImage;
  /** Debian packages to install. */
  readonly aptRequirements?: readonly string[];
  /**
   * npm packages that the image needs besides those that the code imports, as `name` or `name@version`. Without a
   * version, the one that is installed here.
   */
  readonly npmRequirements?: readonly string[];
  /** Packages to install in the image in place of bundling them; native packages are found without being named. */
  readonly externalPackages?: readonly string[];
  /** A directory, relative to the chain's file, whose files the deployed chainlet finds under `context.dataDir`. */
  readonly dataDir?: string;
}

/** The image of a chainlet. */
export class DockerImage {
  readonly baseImage: CustomImage | undefined;
  readonly aptRequirements: readonly string[];
  readonly npmRequirements: readonly string[];
  readonly externalPackages: readonly string[];
  readonly dataDir: string | undefined;

  /** @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field. */
  constructor(init: DockerImageInit = {}) {
    const known = ["baseImage", "aptRequirements", "npmRequirements", "externalPackages", "dataDir"];
    const fields = new Fields("DockerImage", init, known);
    this.baseImage = fields.instance("baseImage", CustomImage, undefined);
    this.aptRequirements = fields.strings("aptRequirements", []);
    this.npmRequirements = fields.strings("npmRequirements", []);
    this.externalPackages = fields.strings("externalPackages", []);
    this.dataDir = fields.string("dataDir", undefined);
    fields.done();
    Object.freeze(this);
  }
}
