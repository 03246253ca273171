import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { LiveBlock } from "./live-block.ts";

const UP = /\[(\d+)A/;

function terminal(columns: number) {
  const output = Object.assign(new PassThrough(), { columns }) as unknown as NodeJS.WriteStream & PassThrough;
  return { block: new LiveBlock(output), written: () => String(output.read() ?? "") };
}

it("is drawn again over all rows that it takes, those that the terminal has broken among them", () => {
  const { block, written } = terminal(10);
  block.draw(`short\n\u001B[32m${"x".repeat(25)}\u001B[39m\n`);
  expect(written()).not.toMatch(UP);
  block.draw("next");
  expect(UP.exec(written())?.[1]).toBe("5");
});

it("that is kept is drawn over no more", () => {
  const { block, written } = terminal(80);
  block.draw("done");
  block.keep();
  block.draw("new");
  expect(written()).not.toMatch(UP);
});
