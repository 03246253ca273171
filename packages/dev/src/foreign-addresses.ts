import { ChainsError, type Problem } from "@truss-chains/errors";

/** A chainlet that this machine cannot run: a truss, a Docker image, an engine. */
export interface ForeignChainlet {
  readonly name: string;
  readonly displayName: string;
}

/**
 * Where the chainlets are that cannot run here, by display name.
 *
 * @param given addresses by class name or display name.
 * @throws ChainsError `DEPENDENCY_NOT_CONFIGURED` naming every one without an address, and every address of none.
 */
export function foreignAddresses(
  foreign: readonly ForeignChainlet[],
  given: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const addressOf = ({ name, displayName }: ForeignChainlet) => given[name] ?? given[displayName];
  const known = new Set(foreign.flatMap(({ name, displayName }) => [name, displayName]));
  const problems = [
    ...Object.keys(given)
      .filter((name) => !known.has(name))
      .map((name) => unused(name, foreign)),
    ...foreign.filter((chainlet) => addressOf(chainlet) === undefined).map(missing),
  ];
  if (problems.length > 0)
    throw ChainsError.fromProblems("DEPENDENCY_NOT_CONFIGURED", "Addresses do not fit the chain:", problems);
  return Object.fromEntries(foreign.map((chainlet) => [chainlet.displayName, addressOf(chainlet)!]));
}

function missing({ name }: ForeignChainlet): Problem {
  return problem(
    `${name} cannot run on this machine, and nothing says where it runs.`,
    `Give its address: --service ${name}=https://…`,
  );
}

function unused(name: string, foreign: readonly ForeignChainlet[]): Problem {
  const names = foreign.map((chainlet) => chainlet.name);
  return problem(
    `--service ${name} names no chainlet of the chain that runs elsewhere.`,
    names.length > 0
      ? `Those are ${names.join(", ")}.`
      : "All chainlets of this chain run here: leave it out.",
  );
}

function problem(message: string, fix: string): Problem {
  return { code: "DEPENDENCY_NOT_CONFIGURED", severity: "error", message, fix };
}
