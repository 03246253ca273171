import { Fields } from "./fields.ts";

/** How a private registry lets the platform in. */
export interface DockerAuth {
  readonly authMethod: "GCP_SERVICE_ACCOUNT_JSON" | "AWS_IAM" | "AWS_OIDC" | "GCP_OIDC" | "REGISTRY_SECRET";
  readonly registry?: string;
  readonly secretName?: string;
  readonly awsAccessKeyIdSecretName?: string;
  readonly awsSecretAccessKeySecretName?: string;
  readonly awsOidcRoleArn?: string;
  readonly awsOidcRegion?: string;
  readonly gcpOidcServiceAccount?: string;
  readonly gcpOidcWorkloadIdProvider?: string;
}

export interface CustomImageInit {
  /** A Debian-family image with Python 3.9 to 3.14, such as `node:22-bookworm`. */
  readonly image: string;
  /** Absolute path of python3 in the image, where it is not on the PATH. */
  readonly pythonExecutablePath?: string;
  /** For a private registry. */
  readonly dockerAuth?: DockerAuth;
}

/** A base image other than the default one. */
export class CustomImage {
  readonly image: string;
  readonly pythonExecutablePath: string | undefined;
  readonly dockerAuth: DockerAuth | undefined;

  /** @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field. */
  constructor(init: CustomImageInit) {
    const fields = new Fields("CustomImage", init, ["image", "pythonExecutablePath", "dockerAuth"]);
    this.image = fields.requiredString("image");
    this.pythonExecutablePath = fields.string("pythonExecutablePath", undefined, (value) =>
      value.startsWith("/") ? undefined : `must be an absolute path, got "${value}".`,
    );
    this.dockerAuth = fields.record("dockerAuth", undefined) as DockerAuth | undefined;
    fields.done();
    Object.freeze(this);
  }
}
