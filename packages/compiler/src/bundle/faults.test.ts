import { ChainsError } from "@truss-chains/errors";
import { expect, test } from "vitest";
import { copyOf } from "./copies.ts";
import { Faults } from "./faults.ts";
import { fromRolldown } from "./rolldown-failure.ts";

const syntax = (line: number) =>
  ChainsError.fromProblems("SOURCE_SYNTAX", "chain.ts does not parse:", [
    {
      code: "SOURCE_SYNTAX",
      severity: "error",
      message: "Expected `)`.",
      location: { file: "chain.ts", line },
    },
  ]);

function collect(faults: Faults, error: ChainsError): void {
  expect(() =>
    faults.collect(() => {
      throw error;
    }),
  ).toThrow(error);
}

test("a fault that several chainlets find in the same module is told once, in the order of the source", () => {
  const faults = new Faults();
  for (const line of [7, 2, 7]) collect(faults, syntax(line));
  const { problems } = faults.explain(new Error("what rolldown made of it"), "/chain");
  expect(problems.map(({ location }) => location?.line)).toEqual([2, 7]);
});

test("what rolldown says of a chainlet's copy of a module is told of the module, once", () => {
  const errors = ["One", "Two"].map((chainlet) => ({ message: "No.", id: copyOf("/chain/a.ts", chainlet) }));
  const { problems } = fromRolldown({ errors }, "/chain");
  expect(problems.map(({ location }) => location?.file)).toEqual(["/chain/a.ts"]);
});
