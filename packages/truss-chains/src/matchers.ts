// Adds `toFailWith` and `toYield` to vitest's `expect`.
import "@truss-chains/testing/matchers";
