import type { ChainletClass, ChainletWithEndpoint, RequestContext } from "@truss-chains/core";

type Call<C extends ChainletWithEndpoint> = Parameters<C["runRemote"]>[0];
type Answer<C extends ChainletWithEndpoint> = ReturnType<C["runRemote"]>;

/** What a fake does when it is called: of the chainlet's own types, checked by the compiler. */
export type FakeEndpoint<C extends ChainletWithEndpoint> = (
  input: Call<C>,
  request: RequestContext,
) => Answer<C> | Awaited<Answer<C>>;

/** A stand-in for a chainlet that remembers how it was called. It is a pair for `overrides`. */
export type Fake<C extends ChainletWithEndpoint> = readonly [
  ChainletClass<C>,
  { runRemote: FakeEndpoint<C> },
] & {
  /** The inputs so far, as the chainlet would have got them: validated, with defaults. */
  readonly inputs: readonly Call<C>[];
};

/**
 * A stand-in for a chainlet: `runLocal(Search, { overrides: [fake(Embed, () => [1, 2, 3])] })`. It is called through
 * the chainlet's schemas, so it is given valid input and must give a valid answer.
 */
export function fake<C extends ChainletWithEndpoint>(
  chainlet: ChainletClass<C>,
  answer: FakeEndpoint<C>,
): Fake<C> {
  const inputs: Call<C>[] = [];
  const standIn = {
    runRemote(input: Call<C>, request: RequestContext) {
      inputs.push(input);
      return answer(input, request);
    },
  };
  return Object.assign([chainlet, standIn] as const, { inputs });
}
