import { describe, expect, test } from "vitest";
import { z } from "zod";
import { validateInput, validateOutput } from "./validate.ts";

const schema = z.object({
  text: z.string(),
  times: z.number().default(2),
  tags: z.array(z.string()).optional(),
});

describe("the input of a call", () => {
  test("gets its defaults and loses unknown fields", async () => {
    expect(await validateInput("Echo", schema, { text: "a", more: 1 })).toEqual({ text: "a", times: 2 });
  });

  test("is refused with the place and the reason when a field does not fit", async () => {
    await expect(async () => validateInput("Echo", schema, { text: "a", tags: ["x", 3] })).rejects.toThrow(
      expect.objectContaining({
        code: "INPUT_INVALID",
        message: expect.stringContaining("\n  tags[1]: Invalid input: expected string, received number."),
        problems: [
          expect.objectContaining({
            location: { path: ["tags", 1] },
          }),
        ],
      }),
    );
  });

  test("is refused with every field that does not fit", async () => {
    await expect(async () => validateInput("Echo", schema, { times: "many" })).rejects.toThrow(
      /text: .*\n.*times: /,
    );
  });

  test("may be checked by a schema that works asynchronously", async () => {
    const slow = z.string().refine(async (text) => text === "right");
    expect(await validateInput("Echo", slow, "right")).toBe("right");
    await expect(async () => validateInput("Echo", slow, "wrong")).rejects.toThrow("Invalid input.");
  });
});

test("a result that does not fit its own schema is the chainlet's fault", async () => {
  await expect(async () => validateOutput("Echo", z.number(), "three")).rejects.toThrow(
    expect.objectContaining({ code: "OUTPUT_INVALID_TYPE", problems: [expect.anything()] }),
  );
});
