import type { z } from "zod";
import { Fault, quote } from "../rules/fault.ts";
import { checkAuthFields, oidcFields } from "./auth.ts";
import { choice, text, textWhere } from "./scalar.ts";
import { section } from "./section.ts";

const METHODS = ["GCP_SERVICE_ACCOUNT_JSON", "AWS_IAM", "AWS_OIDC", "GCP_OIDC", "REGISTRY_SECRET"] as const;

const dockerAuth = section(
  {
    ...oidcFields,
    auth_method: choice(METHODS, (word) => word.toUpperCase()).describe("How to log in at the registry."),
    registry: text.nullable().default("").describe("The host of the registry."),
    secret_name: text.nullable().default(null).describe("The secret with the credentials."),
    aws_access_key_id_secret_name: text
      .default("aws_access_key_id")
      .describe("The secret with the AWS access key id, for AWS_IAM."),
    aws_secret_access_key_secret_name: text
      .default("aws_secret_access_key")
      .describe("The secret with the AWS secret access key, for AWS_IAM."),
  },
  { after: (value, found) => void checkAuthFields(value, "secret_name", "GCP_SERVICE_ACCOUNT_JSON", found) },
);
/** How to pull a base image from a private registry. */
export type DockerAuth = z.output<typeof dockerAuth>;

export const baseImage = section({
  image: text
    .default("")
    .describe("The image, with its tag.")
    .meta({ examples: ["vllm/vllm-openai:v0.7.3"] }),
  python_executable_path: textWhere((path) =>
    path === "" || path.startsWith("/")
      ? undefined
      : new Fault(`${quote(path)} is not an absolute path.`, 'Write, for example, "/usr/bin/python3".'),
  )
    .default("")
    .describe("Where the image has its Python; an absolute path.")
    .meta({ examples: ["/usr/bin/python3"] }),
  docker_auth: dockerAuth.nullable().default(null).describe("How to log in at a private registry."),
});
export type BaseImage = z.output<typeof baseImage>;
