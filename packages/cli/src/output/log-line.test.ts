import colors from "picocolors";
import { expect, test } from "vitest";
import { logLine } from "./log-line.ts";

const plain = colors.createColors(false);

test.each([
  ['{"level":"info","msg":"Thumb is ready on port 41799.","port":41799}', "is ready on port 41799."],
  ['{"level":"error","msg":"Thumb.runRemote failed.","id":"r1"}', "Thumb.runRemote failed. id=r1"],
  ['{"level":"info","msg":"Thumbs up","n":4,"of":{"a":1}}', 'Thumbs up n=4 of={"a":1}'],
  ["{not JSON", "{not JSON"],
])("below the name Thumb, %s is %s", (line, shown) => {
  expect(logLine(line, plain, "Thumb")).toBe(shown);
});
