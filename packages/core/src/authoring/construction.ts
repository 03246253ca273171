import { ChainsError } from "@truss-chains/errors";

type AnyClass = abstract new (...args: never[]) => object;

/** The chainlet that is being constructed by those who may. */
let underway: AnyClass | undefined;
/** Whether the code that runs now does so for a call. */
let servesCall = (): boolean => false;

/**
 * Constructs a chainlet for its service. Its constructor cannot construct others, nor can what runs for a call.
 *
 * @param serving whether the code that runs now does so for a call; asked from now on.
 * @throws what the constructor throws.
 */
export function constructAs<T>(cls: AnyClass, serving: () => boolean, construct: () => T): T {
  const outer = underway;
  underway = cls;
  servesCall = serving;
  try {
    return construct();
  } finally {
    underway = outer;
  }
}

/**
 * Whoever writes a test may construct a chainlet, a chain may not: there every chainlet is a service of its own.
 *
 * @throws ChainsError `CHAINLET_INSTANTIATED`.
 */
export function refuseConstruction(cls: AnyClass): void {
  if (cls === underway || (underway === undefined && !servesCall())) return;
  const { message, fix } = constructedByHand(cls.name, underway?.name);
  throw new ChainsError("CHAINLET_INSTANTIATED", message, { fix });
}

/** What to say of a chainlet that somebody constructs. */
export function constructedByHand(name: string, by = "The chain"): { message: string; fix: string } {
  return {
    message: `${by} constructs the chainlet ${name}.`,
    fix: `Take it as a constructor parameter: @depends(${name}) private readonly ${lowerFirst(name)}: Remote<${name}>.`,
  };
}

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
