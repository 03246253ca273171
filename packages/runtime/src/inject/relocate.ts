import { ChainsError, type Location } from "@truss-chains/errors";

/** The same error, at another place; the original is its cause. */
export function relocate(error: ChainsError, location: Location): ChainsError {
  const { code, message, fix, data, problems } = error;
  return new ChainsError(code, message, {
    ...(fix !== undefined && { fix }),
    ...(data !== undefined && { data }),
    problems,
    location,
    cause: error,
  });
}
