import type { z } from "zod";
import { DEFAULT_USER_ID } from "../constants.ts";
import { Fault } from "../rules/fault.ts";
import { checked, flag, integer, scalar, text, toInteger } from "./scalar.ts";
import { section } from "./section.ts";

export const dockerServer = section(
  {
    start_command: text.nullable().default(null).describe("The command that starts the server."),
    server_port: integer.describe("The port on which it listens. 8080 is taken by the platform."),
    predict_endpoint: text.describe("The path that /predict is mapped to."),
    readiness_endpoint: text.describe("The path that tells whether the server can take requests."),
    liveness_endpoint: text.describe("The path that tells whether the server has to be restarted."),
    run_as_user_id: scalar<number>(
      { type: "integer" },
      checked(toInteger, (uid) =>
        uid === 0 || uid === DEFAULT_USER_ID
          ? new Fault(`The user id ${uid} is reserved.`, "Use another one, or remove the key.")
          : undefined,
      ),
    )
      .nullable()
      .default(null)
      .describe("The Linux user id that the server runs as."),
    no_build: flag.nullable().default(null).describe("Deploy the base image as it is, without a build."),
  },
  {
    after: (value, found) => {
      if (!value.no_build && value.start_command === null) {
        found(new Fault("A server needs a `start_command`.", "Add `start_command`, or `no_build: true`."));
      }
      return undefined;
    },
  },
);
/** A custom image with an HTTP server of its own. */
export type DockerServer = z.output<typeof dockerServer>;
