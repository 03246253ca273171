import { checkWeightsSource } from "@truss-chains/config/rules";
import { Fields } from "./fields.ts";

export const WEIGHTS_AUTH_METHODS = ["CUSTOM_SECRET", "AWS_OIDC", "GCP_OIDC"] as const;

export interface WeightsAuthInit {
  /** A secret of the account, or a role that Baseten may take. */
  readonly authMethod: (typeof WEIGHTS_AUTH_METHODS)[number];
  /** For `CUSTOM_SECRET`. */
  readonly authSecretName?: string;
  /** For `AWS_OIDC`. */
  readonly awsOidcRoleArn?: string;
  /** For `AWS_OIDC`. */
  readonly awsOidcRegion?: string;
  /** For `GCP_OIDC`. */
  readonly gcpOidcServiceAccount?: string;
  /** For `GCP_OIDC`. */
  readonly gcpOidcWorkloadIdProvider?: string;
}

const AUTH_FIELDS = {
  CUSTOM_SECRET: ["authSecretName"],
  AWS_OIDC: ["awsOidcRoleArn", "awsOidcRegion"],
  GCP_OIDC: ["gcpOidcServiceAccount", "gcpOidcWorkloadIdProvider"],
} as const;

/** How the platform gets at private weights. */
export class WeightsAuth {
  readonly authMethod: (typeof WEIGHTS_AUTH_METHODS)[number];
  readonly authSecretName: string | undefined;
  readonly awsOidcRoleArn: string | undefined;
  readonly awsOidcRegion: string | undefined;
  readonly gcpOidcServiceAccount: string | undefined;
  readonly gcpOidcWorkloadIdProvider: string | undefined;

  /** @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field. */
  constructor(init: WeightsAuthInit) {
    const all = Object.values(AUTH_FIELDS).flat();
    const fields = new Fields("WeightsAuth", init, ["authMethod", ...all]);
    fields.rule(
      init?.authMethod === undefined,
      "authMethod",
      "is required.",
      `One of ${WEIGHTS_AUTH_METHODS.join(", ")}.`,
    );
    this.authMethod = fields.oneOf("authMethod", WEIGHTS_AUTH_METHODS, "CUSTOM_SECRET");
    this.authSecretName = fields.string("authSecretName", undefined);
    this.awsOidcRoleArn = fields.string("awsOidcRoleArn", undefined);
    this.awsOidcRegion = fields.string("awsOidcRegion", undefined);
    this.gcpOidcServiceAccount = fields.string("gcpOidcServiceAccount", undefined);
    this.gcpOidcWorkloadIdProvider = fields.string("gcpOidcWorkloadIdProvider", undefined);
    const needed: readonly string[] = AUTH_FIELDS[this.authMethod] ?? [];
    for (const field of init?.authMethod === undefined ? [] : all) {
      const given = Boolean(this[field]);
      fields.rule(needed.includes(field) && !given, field, `is required for ${this.authMethod}.`);
      fields.rule(!needed.includes(field) && given, field, `is not allowed for ${this.authMethod}.`);
    }
    fields.done();
    Object.freeze(this);
  }
}

export interface WeightsSourceInit {
  /** `hf://owner/repo@revision`, `s3://bucket/path`, `gs://…`, `azure://account/container/path`, `r2://account.bucket/path`, `https://…`. */
  readonly source: string;
  /** Absolute path in the container, unique in the chainlet. */
  readonly mountLocation: string;
  /** How to get at private weights. */
  readonly auth?: WeightsAuth;
  /** Name of the secret with the credentials; the short form of `auth`. */
  readonly authSecretName?: string;
  /** Which files: those that one of these patterns matches, as Python's `fnmatch` does; all by default. */
  readonly allowPatterns?: readonly string[];
  /** Which files not, whatever `allowPatterns` says. */
  readonly ignorePatterns?: readonly string[];
}

/** One entry of `weights`: files that the platform mirrors once and mounts before the container starts. */
export class WeightsSource {
  readonly source: string;
  readonly mountLocation: string;
  readonly auth: WeightsAuth | undefined;
  readonly authSecretName: string | undefined;
  readonly allowPatterns: readonly string[] | undefined;
  readonly ignorePatterns: readonly string[] | undefined;

  /** @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field. */
  constructor(init: WeightsSourceInit) {
    const fields = new Fields("WeightsSource", init, [
      "source",
      "mountLocation",
      "auth",
      "authSecretName",
      "allowPatterns",
      "ignorePatterns",
    ]);
    this.source = fields.requiredString("source", checkWeightsSource);
    this.mountLocation = fields.requiredString("mountLocation", (value) =>
      value.startsWith("/") ? undefined : `must be an absolute path, got "${value}".`,
    );
    this.auth = fields.instance("auth", WeightsAuth, undefined);
    this.authSecretName = fields.string("authSecretName", undefined);
    this.allowPatterns = fields.strings("allowPatterns", undefined);
    this.ignorePatterns = fields.strings("ignorePatterns", undefined);
    fields.rule(
      Boolean(this.authSecretName) && Boolean(this.auth?.authSecretName),
      "authSecretName",
      "is given twice, here and in `auth`.",
      "Keep the one in `auth`.",
    );
    fields.done();
    Object.freeze(this);
  }
}
