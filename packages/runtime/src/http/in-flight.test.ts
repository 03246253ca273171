import fc from "fast-check";
import { expect, test } from "vitest";
import { InFlight } from "./in-flight.ts";

test("in whatever order requests end, and however often, those that are left are known and can be ended", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20 }), { maxLength: 60 }), (ends) => {
      const inFlight = new InFlight();
      const requests = Array.from({ length: 15 }, () => inFlight.open());
      const left = new Set(requests);
      for (const end of ends) {
        const request = requests[end];
        // Now and then another one begins.
        if (!request) left.add(requests[requests.push(inFlight.open()) - 1]!);
        else {
          inFlight.close(request);
          left.delete(request);
        }
        expect(inFlight.size).toBe(left.size);
      }
      inFlight.abortAll("over");
      expect(requests.filter(({ aborted }) => aborted)).toEqual(
        requests.filter((request) => left.has(request)),
      );
    }),
  );
});

test("a shutdown hears when the last request is over", async () => {
  const inFlight = new InFlight();
  const [first, second] = [inFlight.open(), inFlight.open()];
  let idle = false;
  const finished = inFlight.idle().then(() => {
    idle = true;
  });
  inFlight.close(first);
  await Promise.resolve();
  expect(idle).toBe(false);
  inFlight.close(second);
  await finished;
  expect(idle).toBe(true);
});
