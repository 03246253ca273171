import { GraphQLError } from "graphql";

/** The service's refusal of something well-formed. */
export class Rejection extends GraphQLError {
  constructor(description: string, code = "VALIDATION_ERROR") {
    super("Something went wrong", { extensions: { code, description } });
  }
}
