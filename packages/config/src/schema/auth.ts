import type { z } from "zod";
import { Fault } from "../rules/fault.ts";
import { text } from "./scalar.ts";
import type { Report } from "./section.ts";

const optionalText = () => text.nullable().default(null);

/** The keys that every place with credentials has; Truss lists them before the others. */
export const oidcFields = {
  aws_oidc_role_arn: optionalText().describe("The ARN of the AWS role to assume, for AWS_OIDC."),
  aws_oidc_region: optionalText().describe("The AWS region, for AWS_OIDC."),
  gcp_oidc_service_account: optionalText().describe("The service account to act as, for GCP_OIDC."),
  gcp_oidc_workload_id_provider: optionalText().describe("The workload identity provider, for GCP_OIDC."),
} as const satisfies Record<string, z.ZodType>;

const AWS = ["aws_oidc_role_arn", "aws_oidc_region"] as const;
const GCP = ["gcp_oidc_service_account", "gcp_oidc_workload_id_provider"] as const;

/** Which keys a method needs and which it refuses; `secret` is the key that names the secret. */
export function checkAuthFields(
  value: Readonly<Record<string, unknown>> & { readonly auth_method: string },
  secret: string,
  needsSecret: string,
  found: Report,
): void {
  const wanted: Record<string, readonly string[]> = { [needsSecret]: [secret], AWS_OIDC: AWS, GCP_OIDC: GCP };
  const required = wanted[value.auth_method];
  if (!required) return;
  const isSet = (key: string) => value[key] !== null && value[key] !== "" && value[key] !== undefined;
  for (const key of required) {
    if (!isSet(key)) {
      found(new Fault(`The method ${value.auth_method} needs \`${key}\`.`, `Add \`${key}\`.`), [key]);
    }
  }
  for (const key of [secret, ...AWS, ...GCP]) {
    if (!required.includes(key) && isSet(key)) {
      found(new Fault(`The method ${value.auth_method} does not take \`${key}\`.`, "Remove it."), [key]);
    }
  }
}
