import { ChainsError } from "@truss-chains/errors";

/** The error of a call that was answered with another address: to send input and key there is for people to decide. */
export function redirected(dependency: string, status: number, location: string | undefined): ChainsError {
  const where = location === undefined ? "" : ` to ${location}`;
  return new ChainsError(
    "RESPONSE_INVALID",
    `The dependency Chainlet \`${dependency}\` answered with a redirect (${status})${where}, which is not followed.`,
    { fix: "Give the address at which it answers itself." },
  );
}
